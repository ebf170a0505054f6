import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LabGround } from '../../lab/lab-ground.js';
import { type SshHosts as LabHosts, openSshHosts as openLabHosts } from '../../lab/ssh-hosts.js';
import { systemClock } from '../../src/domain/clock.js';
import { MINUTE } from '../../src/domain/instant.js';
import type { HostCommand } from '../../src/hosts/hosts.js';
import { type SshHosts, openSshHosts } from '../../src/hosts/ssh/open-ssh-hosts.js';
import type { SshHostsOptions } from '../../src/hosts/ssh/ssh-options.js';

/** What the hosts of these tests have on their PATH. */
const PROGRAMS = {
  note: 'printf %s "$1" > "$LAB_STATE/note"',
  'note-status': 'if [ -e "$LAB_STATE/note" ]; then echo noted; else echo empty; fi',
  /** Each argument, and a NUL after it. */
  'show-arguments': String.raw`for argument do printf '%s\0' "$argument"; done`,
  /** A family of three generations, of which the youngest does not care for polite requests; then waits. */
  'have-children':
    'sh -c \'trap "" TERM; echo $$ > "$LAB_STATE/grandchild"; while :; do sleep 0.1; done\' & echo begun; wait',
} as const;

/** Hosts of a lab and an adapter that is connected to them, shared by the tests of one file. */
export class SshLab implements AsyncDisposable {
  readonly clock = systemClock();
  /** What the adapters have told. */
  readonly troubles: string[] = [];

  private constructor(
    readonly ground: LabGround,
    readonly lab: LabHosts,
  ) {}

  static async open(names: readonly string[]): Promise<SshLab> {
    const ground = await LabGround.open();
    const programs = ground.folderFor('programs');
    for (const [name, script] of Object.entries(PROGRAMS)) {
      writeFileSync(path.join(programs, name), `#!/bin/sh\n${script}\n`);
      chmodSync(path.join(programs, name), 0o755);
    }
    return new SshLab(ground, await openLabHosts(ground, { hosts: names, programs }));
  }

  connect(options: Partial<SshHostsOptions> = {}): SshHosts {
    const { lab } = this;
    return openSshHosts({
      inventory: { hosts: lab.hosts.map(({ name }) => name), aliases: {} },
      credentials: { privateKey: lab.clientKey.private },
      knownHosts: lab.knownHosts(),
      clock: this.clock,
      trouble: (text) => this.troubles.push(text),
      connectTimeout: 3_000,
      retry: { first: 50, longest: 200 },
      ...options,
      routes: {
        rules: [{ hosts: '*', user: lab.user, port: lab.port }],
        addresses: Object.fromEntries(lab.hosts.map(({ name, address }) => [name, address])),
        ...options.routes,
      },
    });
  }

  /** A file that a host keeps for itself. */
  stateFile(host: string, name: string): string {
    return path.join(this.ground.folderFor('hosts', host), name);
  }

  /** All hosts up, and nothing on them. */
  async reset(): Promise<void> {
    for (const host of this.lab.hosts) host.thaw();
    await Promise.all(this.lab.hosts.map((host) => host.start()));
    for (const { name } of this.lab.hosts) {
      const folder = this.ground.folderFor('hosts', name);
      for (const entry of readdirSync(folder)) rmSync(path.join(folder, entry), { recursive: true });
    }
    this.troubles.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ground[Symbol.asyncDispose]();
  }
}

/** A command for the hosts of these tests. */
export function hostCommand(argv: readonly string[], rest: Partial<HostCommand> = {}): HostCommand {
  return {
    name: argv[0] ?? '',
    argv,
    effect: 'reads',
    okCodes: [0],
    timeout: MINUTE,
    successThreshold: 1,
    ...rest,
  };
}
