import type { Installation } from '../../src/domain/installation.js';
import { type Instant, instant } from '../../src/domain/instant.js';
import { type Json, sameJson } from '../../src/domain/json.js';
import { type DatacenterName, datacenter, section } from '../../src/domain/names.js';
import { type Access, type Position, type PrimaryName, primaryName } from '../../src/databases/databases.js';
import type { DnsAnswer, ExcludedServer } from '../../src/dns/dns.js';
import type { HostCommand, HostResult } from '../../src/hosts/hosts.js';
import type { Operations } from '../../src/hosts/operation.js';
import type { Readers, Recalled, Writers } from '../../src/runbook/world.js';
import { StateConflict } from '../../src/state/errors.js';
import { matches } from '../../src/state/selector.js';
import { type Change, type StoredObject, type Tags, objectName } from '../../src/state/store.js';
import { smallOperations } from './small-operations.js';

export const north = datacenter('north');
export const south = datacenter('south');

export const smallInstallation: Installation = {
  name: 'small',
  datacenters: { northern: north, southern: south },
  sections: [section('s2'), section('s1')],
  wiki: {
    readWriteRecords: ['wiki-rw', 'api-rw'],
    configCacheLifetime: 10_000,
    readOnlyReason: 'The wiki is being moved. Copy your text and try again in a few minutes.',
    drain: 10_000,
    drainAtLeast: 500,
    readOnlyBudget: 180_000,
    appServers: { north: 2, south: 2 },
  },
  dns: { ttl: 300, loweredTtl: 10, servers: ['ns0', 'ns1'] },
};

interface Seen {
  readonly at: number;
  readonly readOnly: string | false;
  readonly primary: DatacenterName;
}

/**
 * A pair of datacenters that fits on a page: real state behind every port, in memory, with a clock that is set by hand.
 * What can fail in the field can be made to fail by the public fields.
 */
export class SmallWorld {
  time = Date.UTC(2026, 2, 25, 13);
  /** How long the app servers take to answer. */
  siteTakes = 0;
  readonly objects = new Map<string, StoredObject>();
  readonly access = new Map<string, Access>();
  readonly written = new Map<string, number>();
  readonly executed = new Map<string, number>();
  readonly facts = new Map<string, string>();
  /** Open transactions on each primary, which end one after the other as time passes. */
  readonly open = new Map<string, number>();
  edits = 40;
  recentChanges = 40;
  storeIsStale = false;
  /** DNS servers that are not asked, with the reason. */
  excludedDnsServers: ExcludedServer[] = [];
  /** Where a section replicates from, if not from the other datacenter. */
  /** How long heartbeats of a section take to the other side, in milliseconds. */
  readonly beatsLate = new Map<string, number>();
  readonly replicatesFrom = new Map<string, DatacenterName>();
  /**
   * Named like a primary, an app server, a DNS server or a host: it does not answer. `position s1.south` and
   * `replication s1.north`: it does not answer that.
   */
  readonly silent = new Set<string>();
  /**
   * App servers and DNS servers that do not follow the store, primaries that stay as they are, hosts where commands
   * fail; `effect maint.south`: where they end well and change nothing.
   */
  readonly stuck = new Set<string>();
  /** Sections whose replication stands still, and the error that it shows. */
  readonly broken = new Map<string, string>();
  /** How long each round of the warm-up takes. */
  warmUps: number[] = [];
  readonly #caches = new Map<string, Seen>();
  readonly #dns = new Map<string, Map<string, StoredObject>>();

  constructor(
    readonly primary: DatacenterName = south,
    readonly installation: Installation = smallInstallation,
    readonly operations: Operations = smallOperations,
  ) {
    const { wiki, sections, dns } = installation;
    for (const dc of [north, south]) {
      for (const record of wiki.readWriteRecords)
        this.put(
          'discovery',
          { dnsdisc: record, name: dc },
          { pooled: dc === primary, references: [], ttl: dns.ttl },
        );
      this.put('mwconfig', { scope: dc, name: 'ReadOnly' }, { val: false });
      for (const name of sections) {
        const key = primaryName({ section: name, datacenter: dc });
        this.access.set(key, dc === primary ? 'read-write' : 'read-only');
        this.written.set(key, 100);
        this.executed.set(key, 100);
      }
      const jobs = dc === primary ? 'running' : 'stopped';
      this.setFacts(`maint.${dc}`, { puppet: 'enabled', jobs, scripts: 'none', 'puppet-run': 'due' });
      this.setFacts(`db.${dc}`, { 'puppet-run': 'due' });
      this.setFacts(`jobrunner.${dc}`, { connections: dc === primary ? 'old' : 'none' });
      this.setFacts(`dns.${dc}`, { confd: 'errors' });
      this.setFacts(`recursor.${dc}`, { 'recursor-cache': 'stale' });
    }
    this.setFacts('deploy', { deployments: 'unlocked' });
    this.put('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' }, { val: primary });
    for (const server of dns.servers) this.#dns.set(server, new Map(this.objects));
    for (const dc of [north, south])
      this.#appServersOf(dc).forEach((server) => this.#caches.set(server, this.#config(dc)));
  }

  put(kind: StoredObject['kind'], tags: Tags, fields: Record<string, Json>): void {
    const name = objectName(kind, tags);
    const old = this.objects.get(name);
    const merged = { ...old?.fields, ...fields };
    this.objects.set(name, { kind, tags, fields: merged, revision: (old?.revision ?? 0) + 1 });
  }

  field(name: string, field: string): Json | undefined {
    return this.objects.get(name)?.fields[field];
  }

  setFacts(host: string, facts: Record<string, string>): void {
    for (const [fact, value] of Object.entries(facts)) this.facts.set(`${host}#${fact}`, value);
  }

  wait(until: Instant): void {
    this.time = until;
  }

  /** Everything that a run can change, to be compared with what it was. */
  picture(): Json {
    return {
      objects: [...this.objects].map(([name, { fields }]) => [name, fields]).sort() as Json,
      access: Object.fromEntries(this.access),
      facts: Object.fromEntries(this.facts),
    };
  }

  readers(recalled: (task: string) => Recalled | undefined = () => undefined): Readers {
    const isAsked = (name: string): boolean => !this.excludedDnsServers.some(({ server }) => server === name);
    return {
      state: {
        select: async (kind, where) =>
          [...this.objects.values()]
            .filter((object) => object.kind === kind && matches(where, object.tags))
            .map((object) => (this.storeIsStale ? { ...object, stale: instant(this.time) } : object)),
        watch: () => {
          throw new Error('nothing in a runbook watches');
        },
      },
      databases: this.#databases(),
      dns: {
        excluded: this.excludedDnsServers,
        addressOf: (record, dc) => `${record}@${dc}`,
        ask: async (records, clients) =>
          this.installation.dns.servers.filter(isAsked).flatMap((server) =>
            records.flatMap((record) =>
              clients.map((clientIn) => ({
                server,
                record,
                clientIn,
                answer: this.#answer(server, record, clientIn),
              })),
            ),
          ),
      },
      site: {
        views: async (of) => {
          this.time += this.siteTakes;
          return of.flatMap((dc) =>
            this.#appServersOf(dc).map((server) => {
              if (this.silent.has(server))
                return { server, datacenter: dc, view: { answered: false, because: 'down' } };
              return { server, datacenter: dc, view: { answered: true, ...this.#cached(server, dc) } };
            }),
          );
        },
        activity: async () => ({ edits: this.edits, recentChanges: this.recentChanges }),
      },
      hosts: {
        find: (query) => this.#find(query),
        ask: async (query, command) => this.#find(query).map((host) => this.#ask(host, command)),
      },
      signal: new AbortController().signal,
      now: (): Instant => instant(this.time),
      recall: recalled,
    };
  }

  writers(): Writers {
    return {
      state: { replace: async (changes) => this.#replace(changes) },
      databases: {
        setAccess: async (of, access) => {
          for (const one of of) {
            const key = primaryName(one);
            if (!this.stuck.has(key) && !this.silent.has(key)) this.access.set(key, access);
          }
          return of.map((one) => ({
            primary: one,
            access: this.#answerOf(one, this.access.get(primaryName(one)) ?? 'read-only'),
          }));
        },
        setReplication: () => {
          throw new Error('nothing in a runbook changes replication');
        },
      },
      hosts: { run: async (query, command) => this.#find(query).map((host) => this.#run(host, command)) },
      signal: new AbortController().signal,
      now: (): Instant => instant(this.time),
    };
  }

  #databases(): Readers['databases'] {
    const each = <T>(
      of: readonly PrimaryName[],
      value: (key: string, one: PrimaryName) => T,
    ): { primary: PrimaryName; value: T; key: string }[] =>
      of.map((primary) => ({
        primary,
        key: primaryName(primary),
        value: value(primaryName(primary), primary),
      }));
    return {
      access: async (of) =>
        each(of, (key) => this.access.get(key) ?? 'read-only').map(({ primary, value }) => ({
          primary,
          access: this.#answerOf(primary, value),
        })),
      positions: async (of) =>
        each(of, (key) => `1-1-${this.written.get(key) ?? 0}` as Position).map(({ primary, value }) => ({
          primary,
          position: this.#answerOf(primary, value, 'position '),
        })),
      reached: async (of) =>
        of.map(({ primary, position }) => {
          const key = primaryName(primary);
          const upTo = Number(position.split('-')[2]);
          if (!this.broken.has(primary.section) && !this.stuck.has(`replication ${key}`))
            this.executed.set(key, Math.max(this.executed.get(key) ?? 0, upTo));
          return { primary, reached: this.#answerOf(primary, (this.executed.get(key) ?? 0) >= upTo) };
        }),
      replication: async (of) =>
        of.map((primary) => {
          const problem = this.broken.get(primary.section);
          const from =
            this.replicatesFrom.get(primary.section) ?? (primary.datacenter === north ? south : north);
          const status = problem === undefined ? { from, running: true } : { from, running: false, problem };
          return { primary, status: this.#answerOf(primary, status, 'replication ') };
        }),
      heartbeats: async (of, writtenIn) =>
        of.map((primary) => {
          const behind = primary.datacenter === writtenIn ? 0 : (this.beatsLate.get(primary.section) ?? 0);
          return { primary, seen: this.#answerOf(primary, instant(this.time - behind), 'heartbeat ') };
        }),
      openTransactions: async (of) =>
        each(of, (key) => this.open.get(key) ?? 0).map(({ primary, value, key }) => {
          this.open.set(key, Math.max(0, value - 1));
          return { primary, open: this.#answerOf(primary, value) };
        }),
    };
  }

  #answerOf<T>(
    primary: PrimaryName,
    value: T,
    question = '',
  ): { answered: true; value: T } | { answered: false; because: string } {
    const name = primaryName(primary);
    const silent = this.silent.has(name) || this.silent.has(`${question}${name}`);
    return silent ? { answered: false, because: 'no route to host' } : { answered: true, value };
  }

  #replace(changes: readonly Change[]): StoredObject[] {
    for (const { kind, tags, from } of changes)
      for (const [field, value] of Object.entries(from)) {
        const found = this.field(objectName(kind, tags), field) ?? null;
        if (!sameJson(found, value)) throw new StateConflict(objectName(kind, tags), field, value, found);
      }
    for (const { kind, tags, to } of changes) {
      this.put(kind, tags, to);
      // Where a record is pooled, somebody connects, and stays connected.
      if (kind === 'discovery' && to['pooled'] === true)
        this.setFacts(`jobrunner.${tags['name']}`, { connections: 'old' });
    }
    return changes.flatMap(({ kind, tags }) => this.objects.get(objectName(kind, tags)) ?? []);
  }

  #appServersOf(dc: DatacenterName): string[] {
    return [`mw1.${dc}`, `mw2.${dc}`];
  }

  #config(dc: DatacenterName): Seen {
    const readOnly = this.field(`mwconfig/name=ReadOnly,scope=${dc}`, 'val') as string | false;
    return {
      at: this.time,
      readOnly,
      primary: this.field('mwconfig/name=WMFMasterDatacenter,scope=common', 'val') as DatacenterName,
    };
  }

  /** The first app server of a datacenter reads its configuration at full multiples of the lifetime, the second halfway. */
  #cached(server: string, dc: DatacenterName): { readOnly: string | false; primary: DatacenterName } {
    const { configCacheLifetime: lifetime } = this.installation.wiki;
    const phase = server.startsWith('mw1') ? 0 : lifetime / 2;
    const expired = (at: number): number => Math.floor((at - phase) / lifetime);
    const old = this.#caches.get(server) ?? this.#config(dc);
    if (!this.stuck.has(server) && expired(this.time) !== expired(old.at))
      this.#caches.set(server, this.#config(dc));
    const { readOnly, primary } = this.#caches.get(server) ?? old;
    return { readOnly, primary };
  }

  #answer(server: string, record: string, clientIn: DatacenterName): DnsAnswer['answer'] {
    if (this.silent.has(server)) return { answered: false, because: 'timed out' };
    if (!this.stuck.has(server)) this.#dns.set(server, new Map(this.objects));
    const seen = this.#dns.get(server);
    const nearestFirst = clientIn === north ? [north, south] : [south, north];
    for (const dc of nearestFirst) {
      const fields = seen?.get(objectName('discovery', { dnsdisc: record, name: dc }))?.fields;
      if (fields?.['pooled'] === true)
        return { answered: true, address: `${record}@${dc}`, ttl: Number(fields['ttl']) * 1000 };
    }
    return { answered: true, address: 'failoid', ttl: 10_000 };
  }

  #find(query: string): string[] {
    const hosts = [...new Set([...this.facts.keys()].map((key) => key.split('#')[0] ?? ''))];
    const wanted = query.split(' or ');
    return hosts
      .filter((host) => wanted.includes(host) || wanted.includes(host.replace(/\..*/, '.*')))
      .sort();
  }

  #ask(host: string, { fact }: HostCommand): HostResult {
    if (this.silent.has(host)) return { host, outcome: { kind: 'unreachable', because: 'no route to host' } };
    return {
      host,
      outcome: {
        kind: 'exited',
        code: 0,
        ok: true,
        output: `${this.facts.get(`${host}#${fact ?? ''}`) ?? ''}\n`,
      },
    };
  }

  #run(host: string, { name, argv }: HostCommand): HostResult {
    if (this.silent.has(host)) return { host, outcome: { kind: 'unreachable', because: 'no route to host' } };
    const [, fact = '', value = ''] = argv;
    if (this.stuck.has(host))
      return { host, outcome: { kind: 'exited', code: 1, ok: false, output: 'refused' } };
    if (name === 'warm-up-caches') this.time += this.warmUps.shift() ?? 1_000;
    else if (!this.stuck.has(`effect ${host}`)) this.setFacts(host, { [fact]: value });
    if (
      name === 'run-puppet' &&
      this.facts.get(`${host}#puppet`) === 'enabled' &&
      host.endsWith(`.${this.#config(north).primary}`)
    )
      this.setFacts(host, { jobs: 'running' });
    return { host, outcome: { kind: 'exited', code: 0, ok: true, output: '' } };
  }
}
