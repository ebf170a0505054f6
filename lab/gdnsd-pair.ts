import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DISCOVERY_ZONE } from '../src/simulation/discovery-zone.js';
import { type DiscoveryRecord, type DnsDatacenter, discoveryZone, gdnsdConfig } from './gdnsd-config.js';
import type { LabGround } from './lab-ground.js';
import { programsFolder } from './programs-folder.js';
import { type ServerProcess, labPath } from './server-process.js';

export interface GdnsdOptions {
  /** A client that belongs to none of them is led to the first. */
  readonly datacenters: readonly DnsDatacenter[];
  readonly records: readonly DiscoveryRecord[];
  /** The members of etcd, `http://127.0.0.1:2379`: the first that answers is followed. */
  readonly etcd: readonly string[];
  /** Where the store has users: who reads, and the file with the password. */
  readonly login?: { readonly user: string; readonly passwordFile: string };
  /** Where the objects are; default `/conftool/v1`. */
  readonly prefix?: string;
  /** The servers' names; default ns0 and ns1. */
  readonly servers?: readonly string[];
  /** Default: the one that the operations name. */
  readonly zone?: string;
}

/** An authoritative server, and the agent that keeps its state files. Either can be killed, frozen and started again. */
export interface LabDnsServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly server: ServerProcess;
  readonly agent: ServerProcess;
  /** With the state file of each record, and `.discovery-<record>.err` where a value was refused. */
  readonly states: string;
}

export interface GdnsdPair {
  readonly zone: string;
  /** What a record that is pooled nowhere leads to. */
  readonly failoid: string;
  readonly servers: readonly LabDnsServer[];
  named(server: string): LabDnsServer;
}

/** How often an agent lists again what it watches, in milliseconds. */
const PULSE = 1_000;
/** The third number of the servers' addresses. */
const NETWORK = 53;

/** Starts the authoritative servers, all at the same time; each answers with what is in the store once this resolves. */
export async function openGdnsdPair(ground: LabGround, options: GdnsdOptions): Promise<GdnsdPair> {
  const zone = options.zone ?? DISCOVERY_ZONE;
  const port = await ground.ports.next();
  const places = (options.servers ?? ['ns0', 'ns1']).map((name, index) => ({
    name,
    address: ground.ports.address(NETWORK, 1 + index),
    port,
  }));
  // Nothing in the lab listens there.
  const failoid = ground.ports.address(NETWORK, 250);
  const servers = await Promise.all(
    places.map(async ({ name, address }): Promise<LabDnsServer> => {
      const folders = foldersOf(ground, name);
      const { runFolder, stateFolder } = folders;
      const config = { address, port, runFolder, stateFolder, failoid, ...options };
      writeFileSync(path.join(folders.etc, 'config'), gdnsdConfig(config));
      writeFileSync(path.join(folders.zones, zone), discoveryZone(places, options.records));
      // The agent first: what the server finds at its start it need not settle.
      const agent = await startAgent(ground, name, folders.states, options);
      const server = await startGdnsd(ground, name, folders.etc);
      return { name, address, port, server, agent, states: folders.states };
    }),
  );
  return {
    zone,
    failoid,
    servers,
    named(name) {
      const found = servers.find((server) => server.name === name);
      if (found === undefined) throw new Error(`the lab has no DNS server ${name}`);
      return found;
    },
  };
}

function foldersOf(ground: LabGround, name: string) {
  const stateFolder = ground.folderFor('dns', name, 'state');
  return {
    etc: ground.folderFor('dns', name, 'etc'),
    zones: ground.folderFor('dns', name, 'etc', 'zones'),
    runFolder: ground.folderFor('dns', name, 'run'),
    stateFolder,
    states: ground.folderFor('dns', name, 'state', 'extfile'),
  };
}

function startAgent(
  ground: LabGround,
  name: string,
  states: string,
  options: GdnsdOptions,
): Promise<ServerProcess> {
  const folder = ground.folderFor('dns', name);
  const config = path.join(folder, 'agent.json');
  // Holds the id of the process that has listed the store since its start.
  const ready = path.join(folder, 'agent-has-listed');
  writeFileSync(
    config,
    JSON.stringify({
      endpoints: options.etcd,
      prefix: options.prefix ?? '/conftool/v1',
      ...options.login,
      records: options.records,
      states,
      ready,
      pulse: PULSE,
    }),
  );
  const agent: ServerProcess = ground.server({
    name: `discovery agent of ${name}`,
    command: process.execPath,
    args: [path.join(programsFolder(), 'discovery-agent.mjs'), config],
    log: path.join(folder, 'agent.log'),
    ready: async () => (await readFile(ready, 'utf8')) === String(agent.pid),
  });
  return agent.start();
}

function startGdnsd(ground: LabGround, name: string, etc: string): Promise<ServerProcess> {
  return ground.start({
    name: `gdnsd ${name}`,
    command: 'gdnsd',
    args: ['-c', etc, 'start'],
    log: path.join(ground.folderFor('dns', name), 'gdnsd.log'),
    // Its control socket answers once the listeners are up.
    ready: async () => {
      await promisify(execFile)('gdnsdctl', ['-c', etc, 'status'], {
        env: { PATH: labPath() },
        timeout: 5_000,
      });
      return true;
    },
  });
}
