import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { LabGround } from '../../lab/lab-ground.js';
import { programsFolder } from '../../lab/programs-folder.js';
import type { ServerProcess } from '../../lab/server-process.js';

export interface Answer {
  readonly code: number | null;
  /** What it said on stdout, without the end of the line. */
  readonly output: string;
  readonly trouble: string;
}

/** A host of the lab as its programs see it: an environment. No way to it in between. */
export class ProgramHost {
  constructor(
    readonly name: string,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Runs a command on it, in a process group of its own. */
  async run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const [command = '', ...args] = argv;
    const PATH = `${programsFolder()}:${process.env['PATH'] ?? ''}`;
    const child = spawn(command, args, {
      env: { ...process.env, PATH, ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    let trouble = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (trouble += data.toString()));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      // Only once nobody holds its output any more: a program that leaves something behind must let go of it.
      child.on('close', resolve);
    });
    return { code, output: output.trimEnd(), trouble: trouble.trimEnd() };
  }

  /** What a command answers; an error where it does not end well. */
  async tell(...argv: string[]): Promise<string> {
    const { code, output, trouble } = await this.run(argv);
    if (code !== 0) throw new Error(`${argv.join(' ')} on ${this.name}: ${code}: ${output}${trouble}`);
    return output;
  }
}

/** The hosts of a lab, and a state store of one member. */
export class ProgramHosts {
  readonly shared: string;

  private constructor(
    private readonly ground: LabGround,
    readonly store: ServerProcess,
    readonly storeUrl: string,
  ) {
    this.shared = ground.folderFor(`shared-${randomUUID()}`);
  }

  static async open(ground: LabGround): Promise<ProgramHosts> {
    const [client, peer] = [await ground.ports.next(), await ground.ports.next()];
    const [url, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
    const folder = ground.folderFor('etcd');
    const store = await ground.start({
      name: 'etcd',
      command: 'etcd',
      args: [
        ...['--data-dir', path.join(folder, 'data'), '--name', 'n1', '--log-level', 'warn'],
        ...['--listen-client-urls', url, '--advertise-client-urls', url],
        ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
        ...['--initial-cluster', `n1=${peerUrl}`],
      ],
      log: path.join(folder, 'log'),
      ready: async () => (await fetch(`${url}/health`)).ok,
    });
    return new ProgramHosts(ground, store, url);
  }

  /** A host with a folder of its own, also where the name was used before. */
  host(name: string, env: Readonly<Record<string, string>> = {}): ProgramHost {
    return new ProgramHost(name, {
      LAB_HOST: name,
      LAB_DC: name.split('.')[1] ?? '',
      LAB_STATE: this.ground.folderFor(`host-${randomUUID()}`),
      LAB_SHARED: this.shared,
      LAB_ETCD: this.storeUrl,
      LAB_JOBS_EVERY: '0.05',
      LAB_PUPPET_RUN: '0',
      LAB_WARM_ROUND: '4',
      LAB_COLD_EXTRA: '4',
      LAB_SCRIPT_PAUSE: '20',
      SWITCHDC_LAB: this.ground.mark,
      ...env,
    });
  }

  async put(key: string, value: unknown): Promise<void> {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const body = JSON.stringify({
      key: base64(`/conftool/v1/${key}`),
      value: base64(JSON.stringify(value)),
    });
    const answer = await fetch(`${this.storeUrl}/v3/kv/put`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`etcd: ${answer.status} ${await answer.text()}`);
  }

  primaryIs(dc: string): Promise<void> {
    return this.put('mediawiki-config/common/WMFMasterDatacenter', { val: dc });
  }

  pool(dc: string, pooled: boolean): Promise<void> {
    return this.put(`discovery/mw-jobrunner/${dc}`, { pooled, references: [], ttl: 300 });
  }

  /** As it is before a switchover. */
  async begin(): Promise<void> {
    await this.primaryIs('eqiad');
    await this.pool('eqiad', true);
    await this.pool('codfw', false);
    for (const dc of ['eqiad', 'codfw']) await this.put(`mediawiki-config/${dc}/ReadOnly`, { val: false });
  }

  /** The lines that maintenance scripts have left of their edits. */
  edits(): Record<string, unknown>[] {
    return this.lines('maintenance-edits.jsonl').map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  lines(file: string): string[] {
    try {
      return readFileSync(path.join(this.shared, file), 'utf8').trimEnd().split('\n');
    } catch {
      return [];
    }
  }
}

export const PERIODIC_JOBS = 'mediawiki-periodic-jobs.target';

/** How many maintenance scripts run on a host, as its own pgrep counts them. */
export async function scriptsOn(host: ProgramHost): Promise<string> {
  return (await host.run(['pgrep', '--full', '--count', 'mwscript'])).output;
}

/** A maintenance host as it is at first. Its jobs end with the scope. */
export async function maintenanceHost(
  hosts: ProgramHosts,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramHost & AsyncDisposable> {
  const host = hosts.host(name, env);
  await host.tell('boot-host');
  return Object.assign(host, {
    async [Symbol.asyncDispose]() {
      await host.tell('systemctl', 'stop', PERIODIC_JOBS);
      await host.run(['pkill', '--signal', 'KILL', '--full', 'mwscript']);
    },
  });
}

/** A web server of the test's own. */
export async function webServer(
  listener: RequestListener,
): Promise<AsyncDisposable & { readonly url: string; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}

/** Waits until it is so; an error with what was seen last after 15 seconds. */
export async function until<T>(look: () => T | Promise<T>, good: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(seen)}`);
    await sleep(5);
  }
}

/** The ground of the tests of one file, with hosts that begin afresh for each. */
export function onProgramHosts(take: (hosts: ProgramHosts, ground: LabGround) => void): void {
  let ground: LabGround | undefined;
  let hosts: ProgramHosts | undefined;
  beforeAll(async () => {
    ground = await LabGround.open();
    hosts = await ProgramHosts.open(ground);
    take(hosts, ground);
  }, 60_000);
  afterAll(async () => {
    await ground?.[Symbol.asyncDispose]();
  });
  beforeEach(() => hosts?.begin());
}
