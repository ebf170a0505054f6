import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LabGround } from './lab-ground.js';
import { labPath } from './server-process.js';
import { SshHost } from './ssh-host.js';
import { makeSshKeyPair, type SshKeyPair } from './ssh-key-pair.js';

export interface SshHostsOptions {
  readonly hosts: readonly string[];
  /** A folder that comes first on the hosts' PATH. */
  readonly programs?: string;
  /** What commands on a host find in their environment besides LAB_HOST and LAB_STATE, a folder of the host's own. */
  readonly env?: (host: string) => Readonly<Record<string, string>>;
  /** A host key for each host, which is the default, or one for all. */
  readonly ownKeys?: boolean;
}

export type KnownHostsForm = 'plain' | 'hashed' | 'revoked';

/** Hosts of a lab: one sshd each, all on one port, each on an address of its own. */
export interface SshHosts {
  readonly hosts: readonly SshHost[];
  readonly port: number;
  /** Who can log in. */
  readonly user: string;
  /** With what. */
  readonly clientKey: SshKeyPair;
  readonly clientKeyFile: string;
  host(name: string): SshHost;
  /** A known_hosts file with the keys that the hosts have now. */
  knownHosts(form?: KnownHostsForm): string;
  /** An ssh-agent that holds the client key: its socket. */
  startAgent(): Promise<string>;
}

/** Where the addresses start: 127.<block>.10.1. */
const FIRST_NETWORK = 10;
const PER_NETWORK = 250;

/** Starts the hosts, all at the same time. */
export async function openSshHosts(ground: LabGround, options: SshHostsOptions): Promise<SshHosts> {
  // As root, sshd puts each connection into this empty folder until somebody has logged in.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const port = await ground.ports.next();
  const clientKey = makeSshKeyPair('lab');
  const clientKeyFile = path.join(ground.folderFor('ssh-client'), 'key');
  writeFileSync(clientKeyFile, clientKey.private, { mode: 0o600 });
  const sharedKey = options.ownKeys === false ? makeSshKeyPair('lab') : undefined;
  const hosts = options.hosts.map((name, index) => {
    const third = FIRST_NETWORK + Math.floor(index / PER_NETWORK);
    const address = ground.ports.address(third, 1 + (index % PER_NETWORK));
    const key = sharedKey ?? makeSshKeyPair(name);
    const env = environmentOf(ground, name, options);
    return new SshHost(ground, { name, address, port, key, authorizedKeys: clientKey.public, env });
  });
  await Promise.all(hosts.map((host) => host.start()));
  const byName = new Map(hosts.map((host) => [host.name, host]));
  return {
    hosts,
    port,
    user: userInfo().username,
    clientKey,
    clientKeyFile,
    host(name) {
      const found = byName.get(name);
      if (found === undefined) throw new Error(`the lab has no host ${name}`);
      return found;
    },
    knownHosts: (form = 'plain') => hosts.map((host) => knownHostLine(host, form)).join(''),
    startAgent: () => startAgent(ground, clientKeyFile),
  };
}

function environmentOf(ground: LabGround, name: string, options: SshHostsOptions): Record<string, string> {
  return {
    // bash reads ~/.bashrc under sshd unless it is deeper than one shell: commands shall not depend on who runs the lab.
    SHLVL: '9',
    PATH: options.programs === undefined ? labPath() : `${options.programs}:${labPath()}`,
    ...options.env?.(name),
    LAB_HOST: name,
    LAB_STATE: ground.folderFor('hosts', name),
    // So that what commands leave behind ends with the lab.
    SWITCHDC_LAB: ground.mark,
  };
}

function knownHostLine(host: SshHost, form: KnownHostsForm): string {
  const [type = '', key = ''] = host.publicKey.split(' ');
  const name = `[${host.name}]:${host.port}`;
  const shown = { plain: name, hashed: hashed(name), revoked: `@revoked ${name}` }[form];
  return `${shown} ${type} ${key}\n`;
}

/** As `ssh-keygen -H` does it. */
function hashed(name: string): string {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

async function startAgent(ground: LabGround, keyFile: string): Promise<string> {
  const folder = ground.folderFor('ssh-client');
  const socket = path.join(folder, 'agent');
  await ground.start({
    name: 'ssh-agent',
    command: 'ssh-agent',
    args: ['-D', '-a', socket],
    log: path.join(folder, 'agent.log'),
    ready: () => Promise.resolve(existsSync(socket)),
  });
  await promisify(execFile)('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return socket;
}
