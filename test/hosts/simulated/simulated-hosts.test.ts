import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/instant.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import type { HostResult } from '../../../src/hosts/hosts.js';
import { type OperationName, fillCommand, hostsOf } from '../../../src/hosts/operation.js';
import { defaultOperations } from '../../../src/simulation/default-operations.js';
import { hostsContract } from '../../contracts/hosts.contract.js';
import { codfw, eqiad, practiceInstallation } from '../../support/practice-installation.js';
import { SwitchByHand } from '../../support/switch-by-hand.js';
import { type TwoDatacenters, authority, openTwoDatacenters } from '../../support/two-datacenters.js';

const command = { name: 'a-test', okCodes: [0], timeout: MINUTE, successThreshold: 1 };
const reads = { ...command, effect: 'reads' as const };
const writes = { ...command, effect: 'writes' as const };
const { signal } = new AbortController();

hostsContract('of the simulation', async (run) => {
  using pair = openTwoDatacenters();
  await run({
    hosts: {
      ...pair.hosts,
      // Here noting is disabling puppet; the contract speaks of notes.
      ask: async (query, asked, stop) =>
        (await pair.hosts.ask(query, asked, stop)).map(({ host, outcome }) => ({
          host,
          outcome:
            outcome.kind === 'exited'
              ? { ...outcome, output: outcome.output === 'disabled' ? 'noted' : 'empty' }
              : outcome,
        })),
    },
    clock: pair.clock,
    query: 'A:db-primary and db110[1-4].eqiad.wmnet',
    writes: (argument) => ({ ...writes, argv: ['disable-puppet', argument] }),
    reads: { ...reads, argv: ['puppet-status'] },
    fails: { command: { ...writes, argv: ['pkill', '--full', 'mwscript'] }, code: 127 },
    slow: { ...writes, argv: ['run-puppet-agent'] },
    takeDown(host) {
      pair.world.faults.cause({ kind: 'host-unreachable', host });
      return Promise.resolve();
    },
  });
});

const operations = defaultOperations();
const records = practiceInstallation.wiki.readWriteRecords;

function perform({ hosts }: TwoDatacenters, name: OperationName, dc: DatacenterName): Promise<HostResult[]> {
  const operation = operations[name];
  return hosts.run(
    hostsOf(operation, dc),
    fillCommand(operation.run, { dc, reason: 'a test', records }),
    authority,
    signal,
  );
}
async function probe({ hosts }: TwoDatacenters, name: OperationName, dc: DatacenterName): Promise<string[]> {
  const operation = operations[name];
  const results = await hosts.ask(
    hostsOf(operation, dc),
    fillCommand(operation.probe, { dc, records }),
    signal,
  );
  return [
    ...new Set(
      results.map(({ outcome }) => (outcome.kind === 'exited' && outcome.ok ? outcome.output : outcome.kind)),
    ),
  ];
}

describe('the default operations on the simulated hosts', () => {
  test.each([
    ['lock-deployments', 'unlocked', []],
    ['unlock-deployments', 'locked', ['lock-deployments']],
    ['disable-puppet', 'enabled', []],
    ['enable-puppet', 'disabled', ['disable-puppet']],
    ['stop-periodic-jobs', 'running', []],
    ['start-periodic-jobs', 'stopped', ['stop-periodic-jobs']],
    ['run-puppet', 'outdated', ['stop-periodic-jobs']],
    ['kill-maintenance-scripts', '3', ['stop-periodic-jobs']],
  ] as const)('%s: %s before, as wanted after', async (name, before, given) => {
    using pair = openTwoDatacenters();
    for (const earlier of given) await perform(pair, earlier, codfw);
    expect(await probe(pair, name, codfw)).toEqual([before]);
    const results = await perform(pair, name, codfw);
    expect(results.every(({ outcome }) => outcome.kind === 'exited' && outcome.ok)).toBe(true);
    expect(await probe(pair, name, codfw)).toEqual([operations[name].wanted]);
  });

  test.each([
    ['run-puppet', eqiad, 'outdated'],
    ['run-puppet-on-primaries', codfw, 'outdated'],
    ['restart-job-runners', codfw, 'old'],
    ['remove-stale-confd-errors', codfw, 'stale'],
  ] as const)('%s is needed after a switchover', async (name, dc, before) => {
    using pair = openTwoDatacenters();
    expect(await probe(pair, name, dc)).toEqual([operations[name].wanted]);
    await new SwitchByHand(pair, codfw, eqiad).properly();
    expect(await probe(pair, name, dc)).toContain(before);
    await perform(pair, name, dc);
    expect(await probe(pair, name, dc)).toEqual([operations[name].wanted]);
  });

  describe('on recursors', () => {
    /** All records move; every authoritative server has followed, and no cache is over yet. */
    const moved = async (pair: TwoDatacenters): Promise<SwitchByHand> => {
      const by = new SwitchByHand(pair, codfw, eqiad);
      await by.pool(eqiad, true);
      await by.pool(codfw, false);
      await by.pass(5 * SECOND);
      return by;
    };
    const cached = ({ world }: TwoDatacenters): Set<unknown> =>
      new Set(world.look().records.flatMap(({ cached: by }) => Object.values(by)));
    const status = async (pair: TwoDatacenters, host: string, argv: readonly string[]): Promise<unknown> =>
      (await pair.hosts.ask(host, { ...reads, argv }, signal))[0]?.outcome;

    test('caches hold the old answers until they are wiped, and then the new ones at once', async () => {
      using pair = openTwoDatacenters();
      expect(await probe(pair, 'wipe-discovery-caches', eqiad)).toEqual(['current']);
      await moved(pair);
      expect(await probe(pair, 'wipe-discovery-caches', eqiad)).toEqual(['stale']);
      expect(cached(pair)).toContain(codfw);
      const results = await perform(pair, 'wipe-discovery-caches', eqiad);
      expect(results.map(({ host }) => host)).toEqual(['dns1004.eqiad.wmnet', 'dns2004.codfw.wmnet']);
      expect(await probe(pair, 'wipe-discovery-caches', eqiad)).toEqual(['current']);
      expect(cached(pair)).toEqual(new Set([eqiad]));
      using again = pair.reopened();
      expect(cached(again)).toEqual(new Set([eqiad]));
    });

    test('caches end by themselves with the TTL', async () => {
      using pair = openTwoDatacenters();
      const by = await moved(pair);
      await by.pass(300 * SECOND);
      expect(await probe(pair, 'wipe-discovery-caches', eqiad)).toEqual(['current']);
    });

    test('only what is named is wiped, on the recursor that is told', async () => {
      using pair = openTwoDatacenters();
      await moved(pair);
      const [first = '', second = ''] = records.map((record) => `${record}.discovery.wmnet`);
      const wipe = { ...writes, argv: ['rec_control', 'wipe-cache', first, 'en.wikipedia.org'] };
      const [result] = await pair.hosts.run('dns1004.eqiad.wmnet', wipe, authority, signal);
      expect(result?.outcome).toMatchObject({ ok: true, output: 'wiped 1 records' });
      const says = (host: string, name: string) => status(pair, host, ['recursor-cache-status', name]);
      expect(await says('dns1004.eqiad.wmnet', first)).toMatchObject({ ok: true, output: 'current' });
      expect(await says('dns1004.eqiad.wmnet', second)).toMatchObject({ ok: true, output: 'stale' });
      expect(await says('dns2004.codfw.wmnet', first)).toMatchObject({ ok: true, output: 'stale' });
    });

    test('nothing is said to be so that cannot be known', async () => {
      using pair = openTwoDatacenters();
      const says = (host: string, ...names: string[]) =>
        status(pair, host, ['recursor-cache-status', ...names]);
      const name = `${records[0] ?? ''}.discovery.wmnet`;
      expect(await says('dns1004.eqiad.wmnet', name, 'en.wikipedia.org')).toMatchObject({ code: 2 });
      expect(await says('dns1004.eqiad.wmnet')).toMatchObject({ code: 127 });
      expect(await says('mw1414.eqiad.wmnet', name)).toMatchObject({ code: 127 });
      for (const server of practiceInstallation.dns.servers)
        pair.world.faults.cause({ kind: 'dns-server-down', server });
      expect(await says('dns1004.eqiad.wmnet', name)).toMatchObject({ code: 1 });
      await perform(pair, 'wipe-discovery-caches', eqiad);
      expect(cached(pair)).toEqual(new Set([codfw]));
    });
  });

  test('warm-up rounds become shorter, and by less than 5 % after the sixth', async () => {
    using pair = openTwoDatacenters();
    expect(await probe(pair, 'warm-up-caches', eqiad)).toEqual(['cold']);
    const lengths: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const began = pair.clock.now();
      await perform(pair, 'warm-up-caches', eqiad);
      lengths.push(pair.clock.now() - began);
    }
    const ratios = lengths.slice(1).map((length, index) => length / (lengths[index] ?? 1));
    expect(ratios.slice(0, 3).every((ratio) => ratio < 0.95)).toBe(true);
    expect(ratios.at(-1)).toBeGreaterThan(0.95);
    expect(await probe(pair, 'warm-up-caches', eqiad)).toEqual(['warm']);
    await new SwitchByHand(pair, codfw, eqiad).pass(7 * HOUR);
    expect(await probe(pair, 'warm-up-caches', eqiad)).toEqual(['cold']);
  });

  test('puppet starts the maintenance jobs of the new primary by itself, unless it is disabled', async () => {
    using pair = openTwoDatacenters();
    const by = new SwitchByHand(pair, codfw, eqiad);
    await perform(pair, 'disable-puppet', eqiad);
    await by.setPrimary();
    await by.pass(HOUR);
    expect(await probe(pair, 'start-periodic-jobs', eqiad)).toEqual(['stopped']);
    expect((await perform(pair, 'run-puppet', eqiad))[0]?.outcome).toMatchObject({
      kind: 'exited',
      ok: false,
    });
    await perform(pair, 'enable-puppet', eqiad);
    await by.pass(HOUR);
    expect(await probe(pair, 'start-periodic-jobs', eqiad)).toEqual(['running']);
    expect(await probe(pair, 'start-periodic-jobs', codfw)).toEqual(['stopped']);
  });

  test('a command that fails, because it was told to, leaves nothing behind', async () => {
    using pair = openTwoDatacenters();
    pair.world.faults.cause({ kind: 'command-failing', command: 'lock-deployments' });
    expect((await perform(pair, 'lock-deployments', codfw))[0]?.outcome).toMatchObject({
      kind: 'exited',
      code: 1,
      ok: false,
    });
    expect(await probe(pair, 'lock-deployments', codfw)).toEqual(['unlocked']);
  });

  test('a command has its effect at its end: a kill before leaves nothing, a kill after leaves it', async () => {
    using pair = openTwoDatacenters();
    await perform(pair, 'stop-periodic-jobs', codfw);
    const by = new SwitchByHand(pair, codfw, eqiad);
    void perform(pair, 'run-puppet', codfw);
    await by.pass(20_000);
    const killed = pair.reopened();
    expect(await probe(killed, 'run-puppet', codfw)).toEqual(['outdated']);
    await perform(killed, 'run-puppet', codfw);
    const again = killed.reopened();
    expect(await probe(again, 'run-puppet', codfw)).toEqual(['applied']);
    again.die();
  });

  test('every host of the inventory that an operation is for knows its command', async () => {
    using pair = openTwoDatacenters();
    for (const operation of Object.values(operations)) {
      for (const dc of [eqiad, codfw]) {
        const results = await pair.hosts.ask(
          hostsOf(operation, dc),
          fillCommand(operation.probe, { dc, records }),
          signal,
        );
        expect(results.length).toBeGreaterThan(0);
        for (const { outcome } of results) expect(outcome).toMatchObject({ kind: 'exited', ok: true });
      }
    }
  });
});
