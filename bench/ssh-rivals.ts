import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabGround } from '../lab/lab-ground.js';
import type { SshHosts } from '../lab/ssh-hosts.js';

/** Connections that a tool may make at the same time, where one can tell it. */
const AT_ONCE = 64;

/** Programs that do what the adapter does, each in its own best way for this fleet. */
export const rivalNames = ['ssh', 'clush', 'pdsh', 'cumin'] as const;
export type RivalName = (typeof rivalNames)[number];

export interface Rivals {
  /** Runs `true` on the first so many hosts: its milliseconds. Throws where it does not succeed on all of them. */
  run(rival: RivalName, hosts: number, connections: 'cold' | 'warm'): Promise<number>;
}

/** Throws with the packages that are missing. */
export function checkPackages(file: string): void {
  const rows = readFileSync(file, 'utf8').split('\n');
  const missing = rows.flatMap((row) => {
    const [, name = '', command = ''] = /^([a-z0-9-]+): (\S+)$/.exec(row) ?? [];
    return name === '' || isThere(command) ? [] : [name];
  });
  if (missing.length > 0)
    throw new Error(
      `the comparison needs Debian packages that are missing: apt-get install ${missing.join(' ')}`,
    );
}

function isThere(command: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** All use OpenSSH's client with one configuration each for cold and warm connections; `keyExchange` is forced on it. */
export function openRivals(ground: LabGround, lab: SshHosts, keyExchange: string): Rivals {
  const folder = ground.folderFor('rivals');
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const addresses = lab.hosts.map(({ address }) => address);
  const knownHosts = file(
    'known_hosts',
    lab.hosts.map(({ address, port, publicKey }) => `[${address}]:${port} ${publicKey}\n`).join(''),
  );
  const common = `
User ${lab.user}
Port ${lab.port}
IdentityFile ${lab.clientKeyFile}
IdentitiesOnly yes
UserKnownHostsFile ${knownHosts}
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
KexAlgorithms ${keyExchange}
BatchMode yes
LogLevel ERROR
`;
  const masters = `ControlMaster auto\nControlPersist 600\nControlPath ${ground.folderFor('masters')}/%C\n`;
  const clients = { cold: file('cold', common), warm: file('warm', common + masters) };
  const cumin = (connections: 'cold' | 'warm'): string =>
    file(
      `cumin-${connections}.yaml`,
      `default_backend: direct\ntransport: clustershell\nlog_file: ${folder}/cumin.log\nclustershell:\n  ssh_options:\n    - '-F ${clients[connections]}'\n  fanout: ${AT_ONCE}\n`,
    );
  const cumins = { cold: cumin('cold'), warm: cumin('warm') };

  return {
    async run(rival, hosts, connections) {
      const list = addresses.slice(0, hosts);
      const client = clients[connections];
      const began = performance.now();
      switch (rival) {
        case 'ssh':
          if (hosts === 1) await succeed('ssh', ['-F', client, list.join(), 'true']);
          else
            await succeed(
              'xargs',
              ['-P', String(AT_ONCE), '-I{}', 'ssh', '-F', client, '{}', 'true'],
              list.join('\n'),
            );
          break;
        case 'clush':
          await succeed('clush', [
            '-S',
            '-f',
            String(AT_ONCE),
            '-o',
            `-F ${client}`,
            '-w',
            list.join(),
            'true',
          ]);
          break;
        case 'pdsh':
          await succeed('pdsh', ['-R', 'ssh', '-S', '-f', String(AT_ONCE), '-w', list.join(), 'true'], '', {
            PDSH_SSH_ARGS_APPEND: `-F ${client}`,
          });
          break;
        case 'cumin':
          await succeed('cumin', ['--force', '-c', cumins[connections], list.join(','), 'true']);
          break;
      }
      return performance.now() - began;
    },
  };
}

function succeed(command: string, args: readonly string[], input = '', env = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      // cumin wants to know the person behind root.
      env: { ...process.env, SUDO_USER: 'bench', ...env },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const errors: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', reject);
    // Not `close`: the masters that ssh leaves behind hold its standard error.
    child.once('exit', (code) => {
      child.stderr.destroy();
      if (code === 0) resolve();
      else
        reject(
          new Error(`${command} failed (${String(code)}): ${Buffer.concat(errors).toString().slice(-500)}`),
        );
    });
    child.stdin.end(input);
  });
}
