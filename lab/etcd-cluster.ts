import { execFile } from 'node:child_process';
import { get } from 'node:http';
import path from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type EtcdCertificates, etcdCertificates } from './etcd-certificates.js';
import type { LabGround } from './lab-ground.js';
import type { ServerProcess } from './server-process.js';
import { TcpProxy } from './tcp-proxy.js';

const run = promisify(execFile);

export interface EtcdClusterOptions {
  /** Three unless told. */
  readonly members?: number;
  /** Clients need a certificate of the lab's authority; off unless told. */
  readonly tls?: boolean;
  /** The seconds after which a token of a user who asks nothing is forgotten; 300 unless told. */
  readonly tokenLife?: number;
  /** Also answer the v2 API, whose keys are others than those of v3; off unless told. */
  readonly v2?: boolean;
}

export interface EtcdUser {
  readonly name: string;
  readonly password: string;
  /** Keys below it may be read and written, nothing else. */
  readonly prefix: string;
}

export interface LabEtcdMember {
  readonly name: string;
  readonly server: ServerProcess;
  /** Straight to the member. */
  readonly endpoint: string;
  /** To the same member over `link`. */
  readonly linked: string;
  readonly link: TcpProxy;
  /** Where its `/health` and `/metrics` are, for which nobody needs a certificate. */
  readonly metrics: string;
}

export interface EtcdCluster extends AsyncDisposable {
  readonly members: readonly LabEtcdMember[];
  readonly endpoints: readonly string[];
  /** Each over a link that can be stalled or cut. */
  readonly linkedEndpoints: readonly string[];
  readonly certificates: EtcdCertificates | undefined;
  /** Waits until every member answers and follows a leader. */
  healthy(): Promise<void>;
  leader(): Promise<LabEtcdMember>;
  /** Brings everything back: links mended, members thawed and running, all of them healthy. Data stays. */
  restore(): Promise<void>;
  kill(): Promise<void>;
  /** Forgets all history before now. */
  compact(): Promise<void>;
  /** Users and passwords are asked for from now on; every token of before is void. */
  requireUsers(...users: readonly EtcdUser[]): Promise<void>;
  allowEveryone(): Promise<void>;
  /** Asks every member, or those given, as the cluster's root; answers what etcdctl prints. */
  etcdctl(args: readonly string[], members?: readonly LabEtcdMember[]): Promise<string>;
}

/** Who may do everything once users are required. */
const ROOT = { name: 'root', password: 'the-root-of-the-lab' };

/** A cluster of etcd members, ready in about a second. */
export async function openEtcdCluster(
  ground: LabGround,
  options: EtcdClusterOptions = {},
): Promise<EtcdCluster> {
  const folder = ground.folderFor(`etcd-${await ground.ports.next()}`);
  const certificates = options.tls === true ? await etcdCertificates(folder) : undefined;
  const members = await startMembers(ground, folder, certificates, options);
  const endpoints = members.map(({ endpoint }) => endpoint);
  let asRoot = false;

  const etcdctl = async (args: readonly string[], asked: readonly LabEtcdMember[] = members) => {
    const tls =
      certificates === undefined
        ? []
        : [
            `--cacert=${certificates.authority}`,
            `--cert=${certificates.client.certificate}`,
            `--key=${certificates.client.key}`,
          ];
    const root = asRoot ? { ETCDCTL_USER: ROOT.name, ETCDCTL_PASSWORD: ROOT.password } : {};
    const { stdout } = await run(
      'etcdctl',
      [
        `--endpoints=${asked.map(({ endpoint }) => endpoint).join(',')}`,
        '--command-timeout=3s',
        ...tls,
        ...args,
      ],
      { env: { ...process.env, ETCDCTL_API: '3', ...root }, timeout: 10_000 },
    );
    return stdout;
  };
  const statusOf = async (member: LabEtcdMember) => {
    const text = await etcdctl(['endpoint', 'status', '-w', 'json', '--command-timeout=1s'], [member]);
    const [answer] = JSON.parse(text) as {
      Status: { header: { member_id: number; revision: number }; leader: number };
    }[];
    return answer?.Status;
  };

  const healthy = async (): Promise<void> => {
    await Promise.all(
      members.map((member) =>
        waitUntil(`${member.name} is healthy`, async () => (await healthOf(member.metrics)) === true),
      ),
    );
  };
  const cluster: EtcdCluster = {
    members,
    endpoints,
    linkedEndpoints: members.map(({ linked }) => linked),
    certificates,
    healthy,
    etcdctl,
    async leader() {
      for (;;) {
        for (const member of members) {
          const status = await statusOf(member).catch(() => undefined);
          if (status !== undefined && status.leader !== 0 && status.leader === status.header.member_id)
            return member;
        }
        await sleep(50);
      }
    },
    async restore() {
      for (const { link, server } of members) {
        link.mend();
        server.thaw();
      }
      await Promise.all(members.map(({ server }) => server.start()));
      await healthy();
    },
    async kill() {
      await Promise.all(members.map(({ server }) => server.kill()));
    },
    async compact() {
      const status = await statusOf(await cluster.leader());
      await etcdctl(['compact', '--physical', String(status?.header.revision ?? 0)]);
    },
    async requireUsers(...users) {
      for (const { name, password, prefix } of [{ ...ROOT, prefix: '' }, ...users]) {
        // Left from the last time it was called.
        await etcdctl(['user', 'delete', name]).catch(() => undefined);
        await etcdctl(['role', 'delete', name]).catch(() => undefined);
        await etcdctl(['role', 'add', name]);
        await etcdctl(['user', 'add', `${name}:${password}`]);
        await etcdctl(['user', 'grant-role', name, name]);
        if (prefix !== '')
          await etcdctl(['role', 'grant-permission', name, '--prefix=true', 'readwrite', prefix]);
      }
      await etcdctl(['auth', 'enable']);
      asRoot = true;
    },
    async allowEveryone() {
      if (asRoot) await etcdctl(['auth', 'disable']);
      asRoot = false;
    },
    async [Symbol.asyncDispose]() {
      await cluster.kill();
      // Its sockets are closed by now; a turn of the loop later the links know it, and have nothing left to reset.
      await nextTurn();
      await Promise.all(members.map(({ link }) => link[Symbol.asyncDispose]()));
    },
  };
  await healthy();
  return cluster;
}

interface MemberPlan {
  readonly name: string;
  readonly endpoint: string;
  readonly peer: string;
  readonly metrics: string;
}

async function startMembers(
  ground: LabGround,
  folder: string,
  certificates: EtcdCertificates | undefined,
  options: EtcdClusterOptions,
): Promise<LabEtcdMember[]> {
  const [peerPort, metricsPort] = [await ground.ports.next(), await ground.ports.next()];
  const scheme = certificates === undefined ? 'http' : 'https';
  const host = certificates === undefined ? '127.0.0.1' : 'localhost';
  const plans: (MemberPlan & { port: number; linkPort: number })[] = [];
  for (let number = 1; number <= (options.members ?? 3); number += 1) {
    const own = ground.ports.address(60, number);
    const port = await ground.ports.next();
    plans.push({
      name: `n${number}`,
      port,
      linkPort: await ground.ports.next(),
      endpoint: `${scheme}://${host}:${port}`,
      peer: `http://${own}:${peerPort}`,
      metrics: `http://${own}:${metricsPort}`,
    });
  }
  const everyone = plans.map(({ name, peer }) => `${name}=${peer}`).join(',');
  return Promise.all(
    plans.map(async (plan) => {
      const server = ground.server({
        name: `etcd ${plan.name}`,
        command: 'etcd',
        args: memberArgs(folder, plan, everyone, certificates, options),
        log: path.join(folder, `${plan.name}.log`),
        // It answers as soon as it runs, also while too few others do for a leader.
        ready: async () => (await healthOf(plan.metrics)) !== undefined,
      });
      const link = await TcpProxy.open(
        { host: '127.0.0.1', port: plan.linkPort },
        { host: '127.0.0.1', port: plan.port },
      );
      await server.start();
      const linked = `${scheme}://${host}:${plan.linkPort}`;
      return { name: plan.name, server, endpoint: plan.endpoint, linked, link, metrics: plan.metrics };
    }),
  );
}

function memberArgs(
  folder: string,
  plan: MemberPlan & { port: number },
  everyone: string,
  certificates: EtcdCertificates | undefined,
  options: EtcdClusterOptions,
): string[] {
  const scheme = certificates === undefined ? 'http' : 'https';
  return [
    ...['--name', plan.name, '--data-dir', path.join(folder, plan.name)],
    ...['--listen-client-urls', `${scheme}://127.0.0.1:${plan.port}`],
    ...['--advertise-client-urls', plan.endpoint],
    ...['--listen-peer-urls', plan.peer, '--initial-advertise-peer-urls', plan.peer],
    ...['--listen-metrics-urls', plan.metrics],
    // With data of its own a member ignores these: so a restart needs no other arguments.
    ...['--initial-cluster', everyone, '--initial-cluster-token', 'lab', '--initial-cluster-state', 'new'],
    ...['--logger', 'zap', '--log-level', 'warn', '--auth-token-ttl', String(options.tokenLife ?? 300)],
    ...(options.v2 === true ? ['--enable-v2'] : []),
    ...(certificates === undefined
      ? []
      : [
          ...['--cert-file', certificates.server.certificate, '--key-file', certificates.server.key],
          ...['--trusted-ca-file', certificates.authority, '--client-cert-auth'],
        ]),
  ];
}

/** Whether it has a leader; undefined while it does not even answer. */
function healthOf(metrics: string): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const request = get(`${metrics}/health`, { timeout: 1_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

async function waitUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`not within 20 s: ${what}`);
    await sleep(20);
  }
}
