import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Lab } from '../../lab/lab.js';
import type { DatacenterName, SectionName } from '../../src/domain/names.js';
import type { DnsReader } from '../../src/dns/dns.js';
import { allResolveTo } from './dns-follow.js';
import { type StoreByHand, storeByHand } from './store-by-hand.js';

/**
 * The classic procedure from read-only to read-write, re-enacted on the lab's servers: what Wikimedia's cookbooks
 * sre.switchdc.mediawiki 02 to 07 do with their library spicerack (github.com/wikimedia/operations-cookbooks,
 * operations-software-spicerack), in their order. Where its numbers come from:
 *
 * - 02, 07: each datacenter by itself, the new one first. After the write, ten samples of siteinfo one after the other,
 *   each of a server that a load balancer picks at random; one that is not as expected is taken again 3 s later
 *   (`samples=10`, `@retry` with a constant delay of 3 s). A sample that fails five times would end theirs, for a person
 *   to start it again; here it goes on.
 * - 02: `time.sleep(10)` at the end, for requests in flight.
 * - 03, 06: each statement in a `mysql` on the database's host, over SSH. In production a statement for all sections is
 *   one call of cumin (which asks an inventory first, and is not here), and only the heartbeats are read section by
 *   section; here, as an operator without it would, one section after the other, a new connection each. In sync: a
 *   heartbeat on the new side that is strictly newer than the one read on the old side, looked at again after 3 s.
 * - 04: pooled and depooled through the store, object by object, each read, written and read back; the primary datacenter
 *   sampled as above in both datacenters; each record checked in turn, again after 3 s; then slept until 10 s (their
 *   lowered TTL, and the lifetime of a configuration cache there) have passed since the primary was written. Here that
 *   is the lifetime that the lab's wiki has, or no shorter procedure could be told from a longer sleep.
 *
 * Left out, in its favour: choosing each step from a menu, locks, log lines (some 25 s between its steps). SSH uses the
 * same key exchange as the adapter, whatever newer one the client would prefer.
 */
const SAMPLES = 10;
const AGAIN_AFTER = 3_000;
const DRAIN = 10_000;
const KEY_EXCHANGE = 'curve25519-sha256';
const REASON = 'You can read this wiki and not edit it: datacenter switchover (the classic one).';

export interface ClassicTimes {
  /** Milliseconds from the first write to the last sample that shows the wiki read-write. */
  readonly window: number;
  /** Of them in the steps 03 and 06. */
  readonly databases: number;
  readonly steps: readonly { readonly name: string; readonly took: number }[];
}

interface Scene {
  readonly lab: Lab;
  readonly store: StoreByHand;
  readonly dns: DnsReader;
  readonly from: DatacenterName;
  readonly to: DatacenterName;
  /** Runs a statement on a primary: its output. */
  query(section: SectionName, datacenter: DatacenterName, statement: string): Promise<string>;
}

/** Takes the primary role from one datacenter to the other. Throws where something is not as it should be. */
export async function classicProcedure(
  lab: Lab,
  dns: DnsReader,
  from: DatacenterName,
  to: DatacenterName,
): Promise<ClassicTimes> {
  const store = storeByHand(lab.etcd.endpoints[0] ?? '');
  const scene: Scene = { lab, store, dns, from, to, query: queriesOverSsh(lab) };
  const steps: { name: string; took: number }[] = [];
  const step = async (name: string, run: (on: Scene) => Promise<void>): Promise<number> => {
    const began = performance.now();
    await run(scene);
    const took = performance.now() - began;
    steps.push({ name, took });
    return took;
  };
  const began = performance.now();
  await step('02-set-readonly', setReadOnly);
  const locked = await step('03-set-db-readonly', setDatabasesReadOnly);
  await step('04-switch-mediawiki', switchMediaWiki);
  const opened = await step('06-set-db-readwrite', ({ to: dc, ...on }) =>
    setAccess({ ...on, to: dc }, dc, 0),
  );
  await step('07-set-readwrite', setReadWrite);
  return { window: performance.now() - began, databases: locked + opened, steps };
}

async function setReadOnly({ lab, store, from, to }: Scene): Promise<void> {
  for (const dc of [to, from]) {
    await store.setAndVerify([readOnly(dc, REASON)]);
    await sampled(lab, dc, ({ readonlyreason }) => readonlyreason === REASON);
  }
  await sleep(DRAIN);
}

async function setReadWrite({ lab, store, from, to }: Scene): Promise<void> {
  for (const dc of [to, from]) {
    await store.setAndVerify([readOnly(dc, false)]);
    await sampled(lab, dc, (general) => !general.readonly);
  }
}

const readOnly = (scope: DatacenterName, value: string | false) =>
  ({ kind: 'mwconfig', tags: { scope, name: 'ReadOnly' }, field: 'val', value }) as const;

async function setDatabasesReadOnly(scene: Scene): Promise<void> {
  const { from, to, query } = scene;
  const { sections } = scene.lab.settings.installation;
  await verifyAccess(scene, to, 1);
  await setAccess(scene, from, 1);
  const heartbeat = async (section: SectionName, dc: DatacenterName): Promise<string> =>
    query(
      section,
      dc,
      `SELECT ts FROM heartbeat.heartbeat WHERE datacenter = '${from}' ORDER BY ts DESC LIMIT 1`,
    );
  const written: [SectionName, string][] = [];
  for (const section of sections) written.push([section, await heartbeat(section, from)]);
  for (const [section, last] of written)
    while ((await heartbeat(section, to)) <= last) await sleep(AGAIN_AFTER);
}

async function setAccess(scene: Scene, dc: DatacenterName, readOnlyTo: 0 | 1): Promise<void> {
  for (const section of scene.lab.settings.installation.sections)
    await scene.query(section, dc, `SET GLOBAL read_only=${readOnlyTo}`);
  await verifyAccess(scene, dc, readOnlyTo);
}

async function verifyAccess(scene: Scene, dc: DatacenterName, expected: 0 | 1): Promise<void> {
  for (const section of scene.lab.settings.installation.sections) {
    const found = await scene.query(section, dc, 'SELECT @@global.read_only');
    if (found !== String(expected)) throw new Error(`${section}.${dc}: read_only is ${found}`);
  }
}

async function switchMediaWiki({ lab, store, dns, from, to }: Scene): Promise<void> {
  const { readWriteRecords, configCacheLifetime } = lab.settings.installation.wiki;
  const records = (name: DatacenterName, value: boolean) =>
    readWriteRecords.map(
      (dnsdisc) => ({ kind: 'discovery', tags: { dnsdisc, name }, field: 'pooled', value }) as const,
    );
  await store.setAndVerify(records(to, true));
  const began = performance.now();
  const primary = { scope: 'common', name: 'WMFMasterDatacenter' };
  await store.setAndVerify([{ kind: 'mwconfig', tags: primary, field: 'val', value: to }]);
  for (const dc of [from, to])
    await sampled(lab, dc, (general) => general['wmf-config'].wmfMasterDatacenter === to);
  await store.setAndVerify(records(from, false));
  for (const record of readWriteRecords)
    while (!(await allResolveTo(dns, [record], to))) await sleep(AGAIN_AFTER);
  await sleep(Math.max(0, configCacheLifetime - (performance.now() - began)));
}

interface General {
  readonly readonly: boolean;
  readonly readonlyreason?: string;
  readonly 'wmf-config': { readonly wmfMasterDatacenter: string };
}

async function sampled(lab: Lab, dc: DatacenterName, isSo: (general: General) => boolean): Promise<void> {
  const servers = lab.wiki.appServers.filter(({ datacenter }) => datacenter === dc);
  for (let sample = 0; sample < SAMPLES; sample += 1)
    for (;;) {
      const { url } = servers[Math.floor(Math.random() * servers.length)] ?? {};
      const response = await fetch(
        `${url ?? ''}/api.php?action=query&meta=siteinfo&format=json&formatversion=2`,
        { signal: AbortSignal.timeout(10_000) },
      );
      const { query } = (await response.json()) as { query: { general: General } };
      if (isSo(query.general)) break;
      await sleep(AGAIN_AFTER);
    }
}

function queriesOverSsh(lab: Lab): Scene['query'] {
  const file = path.join(lab.ground.folderFor('classic'), 'known_hosts');
  writeFileSync(file, lab.hosts.knownHosts());
  const { sections } = lab.settings.installation;
  return async (section, datacenter, statement) => {
    const primaries = lab.hosts.hosts.filter(
      ({ name }) => /^db\d/.test(name) && name.includes(`.${datacenter}.`),
    );
    const host = primaries[sections.indexOf(section)];
    if (host === undefined) throw new Error(`the lab has no host for ${section}.${datacenter}`);
    const { socket } = lab.databases.server({ section, datacenter });
    const options = {
      Port: lab.hosts.port,
      IdentityFile: lab.hosts.clientKeyFile,
      IdentitiesOnly: 'yes',
      UserKnownHostsFile: file,
      GlobalKnownHostsFile: '/dev/null',
      HostKeyAlias: `[${host.name}]:${lab.hosts.port}`,
      StrictHostKeyChecking: 'yes',
      KexAlgorithms: KEY_EXCHANGE,
      ControlMaster: 'no',
      BatchMode: 'yes',
      LogLevel: 'ERROR',
    };
    const { stdout } = await promisify(execFile)('ssh', [
      ...['-F', 'none', '-l', lab.hosts.user],
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      host.address,
      `mariadb --no-defaults --user=root --socket=${socket} --skip-column-names --batch -e "${statement}"`,
    ]);
    return stdout.trim();
  };
}
