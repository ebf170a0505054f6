import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type DiscoveryRecord } from '../../lab/gdnsd-config.js';
import { type GdnsdPair, type LabDnsServer, openGdnsdPair } from '../../lab/gdnsd-pair.js';
import { LabGround } from '../../lab/lab-ground.js';
import { systemClock } from '../../src/domain/clock.js';
import { type DatacenterName } from '../../src/domain/names.js';
import type { ResolverDnsOptions } from '../../src/dns/resolver/resolver-dns.js';
import { codfw, eqiad } from './practice-installation.js';
import { type SingleEtcd, openSingleEtcd } from './single-etcd.js';
import { eventually } from './eventually.js';

const record = (name: string, last: number, pooledIn: DiscoveryRecord['pooledIn']): DiscoveryRecord => ({
  name,
  pooledIn,
  addresses: { [codfw]: `10.2.1.${last}`, [eqiad]: `10.2.2.${last}` },
});

/** One of each sort. */
export const labRecords = [record('search', 1, 'any'), record('swift', 2, 'some'), record('mw-rw', 3, 'one')];

export const labClients = { [codfw]: '10.192.0.0/16', [eqiad]: '10.64.0.0/16' };

/** Authoritative servers that follow an etcd; every record is pooled in codfw alone to begin with. */
export class DnsLab implements AsyncDisposable {
  private constructor(
    readonly ground: LabGround,
    readonly etcd: SingleEtcd,
    readonly pair: GdnsdPair,
  ) {}

  /** `endpoints`: how the agents reach etcd, if not directly. */
  static async open(endpoints?: (ground: LabGround, etcd: SingleEtcd) => Promise<string[]>): Promise<DnsLab> {
    const ground = await LabGround.open();
    try {
      const etcd = await openSingleEtcd(ground);
      await etcd.put(firstObjects());
      const pair = await openGdnsdPair(ground, {
        datacenters: [codfw, eqiad].map((name) => ({ name, clients: labClients[name] ?? '' })),
        records: labRecords,
        etcd: (await endpoints?.(ground, etcd)) ?? [etcd.endpoint],
      });
      return new DnsLab(ground, etcd, pair);
    } catch (error) {
      await ground[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Options of a reader that asks these servers. */
  options(change: Partial<ResolverDnsOptions> = {}): ResolverDnsOptions {
    return {
      clock: systemClock(),
      servers: this.pair.servers,
      zone: this.pair.zone,
      clients: labClients,
      addresses: Object.fromEntries(labRecords.map(({ name, addresses }) => [name, addresses])),
      excluded: [],
      resendAfter: 200,
      giveUpAfter: 1_000,
      ...change,
    };
  }

  /** Pools a record there and nowhere else; does not wait. */
  async pool(name: string, where: readonly DatacenterName[], ttl = 300): Promise<void> {
    await this.etcd.put(objectsOf(name, where, ttl));
  }

  /**
   * Waits until each of these servers answers clients in codfw and in eqiad like that, as another client of DNS sees it:
   * `10.2.1.1 300`.
   */
  async answered(
    name: string,
    [inCodfw, inEqiad]: readonly [string, string],
    servers = this.pair.servers,
  ): Promise<void> {
    for (const server of servers)
      for (const [dc, wanted] of [
        [codfw, inCodfw],
        [eqiad, inEqiad],
      ] as const)
        await eventually(
          async () => (await this.dig(server, name, dc)) === wanted,
          `${server.name} answers ${wanted} for ${name} in ${dc}`,
        );
  }

  /** What `dig` is told, `10.2.1.1 300`: address and TTL in seconds. */
  async dig({ address, port }: LabDnsServer, name: string, clientIn: DatacenterName): Promise<string> {
    const { stdout } = await promisify(execFile)('dig', [
      ...[`@${address}`, '-p', String(port), `${name}.${this.pair.zone}`, 'A'],
      ...[`+subnet=${labClients[clientIn] ?? ''}`, '+norecurse', '+noall', '+answer', '+time=2', '+tries=1'],
    ]);
    const [, ttl, , , data] = stdout.trim().split(/\s+/);
    return `${data} ${ttl}`;
  }

  /** What each server's agent has written of a record: its state file, and why it refuses to write another. */
  files(name: string): { readonly state: string; readonly refused: string | undefined }[] {
    return this.pair.servers.map(({ states }) => ({
      state: readFileSync(path.join(states, `discovery-${name}.state`), 'utf8'),
      refused: existsSync(path.join(states, `.discovery-${name}.err`))
        ? readFileSync(path.join(states, `.discovery-${name}.err`), 'utf8').trim()
        : undefined,
    }));
  }

  /** Waits until all agents have written the same state of a record, and whether they refuse another and why. */
  async written(name: string, state: string, refused?: string): Promise<void> {
    await eventually(
      () => this.files(name).every((file) => file.state === state && file.refused === refused),
      `${name} is written as ${state} and ${refused === undefined ? 'nothing is' : refused} refused`,
    );
  }

  /** Everything runs, and every record is pooled in codfw alone. */
  async asAtFirst(): Promise<void> {
    for (const { server, agent } of this.pair.servers) {
      server.thaw();
      agent.thaw();
    }
    await this.etcd.put(firstObjects());
    for (const { server, agent } of this.pair.servers) await Promise.all([server.start(), agent.start()]);
    for (const { name, addresses } of labRecords) {
      const first = `${addresses[codfw]} 300`;
      await this.answered(name, [first, first]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ground[Symbol.asyncDispose]();
  }
}

const firstObjects = () =>
  Object.fromEntries(labRecords.flatMap(({ name }) => Object.entries(objectsOf(name, [codfw], 300))));

const objectsOf = (name: string, where: readonly DatacenterName[], ttl: number) =>
  Object.fromEntries(
    [codfw, eqiad].map((dc) => [
      `discovery/${name}/${dc}`,
      { pooled: where.includes(dc), references: [], ttl },
    ]),
  );
