import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { GdnsdPair } from './gdnsd-pair.js';
import type { LabGround } from './lab-ground.js';
import { type ServerProcess, labPath } from './server-process.js';

/** A recursor: it caches, as those that everything in a datacenter really asks. */
export interface LabRecursor {
  readonly address: string;
  readonly port: number;
  /** The folder of its control socket, for `rec_control --socket-dir`. */
  readonly socketFolder: string;
  readonly server: ServerProcess;
  /** `rec_control` with these arguments; what it says. */
  control(...args: readonly string[]): Promise<string>;
  /** What the programs on its host find in their environment, for clients in this network. */
  environment(clients: string): Record<string, string>;
}

/** The third and fourth number of its address: beside the authoritative servers. */
const PLACE = [53, 100] as const;

/** Starts a recursor that forwards the pair's zone to all of its servers. */
export async function openRecursor(ground: LabGround, pair: GdnsdPair): Promise<LabRecursor> {
  const address = ground.ports.address(...PLACE);
  const port = await ground.ports.next();
  const folder = ground.folderFor('recursor');
  const forwards = pair.servers.map((server) => `${server.address}:${server.port}`).join(';');
  writeFileSync(
    path.join(folder, 'recursor.conf'),
    [
      `local-address=${address}`,
      `local-port=${port}`,
      'allow-from=127.0.0.0/8',
      `socket-dir=${folder}`,
      `forward-zones=${pair.zone}=${forwards}`,
      'dnssec=off',
      'hint-file=no',
      'daemon=no',
      'threads=1',
      'write-pid=no',
      'security-poll-suffix=',
      'quiet=yes',
      // Clients tell where they are, so that one recursor can stand for those of both datacenters.
      `edns-subnet-allow-list=${pair.zone}`,
      'use-incoming-edns-subnet=yes',
      'ecs-ipv4-bits=24',
      'ecs-add-for=0.0.0.0/0',
      '',
    ].join('\n'),
  );
  const control = async (...args: readonly string[]): Promise<string> => {
    const env = { ...process.env, PATH: labPath() };
    const call = [`--socket-dir=${folder}`, ...args];
    return (await promisify(execFile)('rec_control', call, { env, timeout: 5_000 })).stdout.trim();
  };
  const environment = (clients: string): Record<string, string> => ({
    LAB_RECURSOR: folder,
    LAB_RECURSOR_ADDRESS: `${address}:${port}`,
    LAB_DNS_SERVERS: pair.servers.map((one) => `${one.address}:${one.port}`).join(','),
    LAB_CLIENTS: clients,
  });
  const server = await ground.start({
    name: 'pdns-recursor',
    command: 'pdns_recursor',
    args: [`--config-dir=${folder}`],
    log: path.join(folder, 'recursor.log'),
    ready: async () => (await control('ping')).startsWith('pong'),
  });
  return { address, port, socketFolder: folder, server, control, environment };
}
