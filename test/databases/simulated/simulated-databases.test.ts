import { describe, expect, test } from '@jest/globals';
import { sleep } from '../../../src/domain/clock.js';
import { SECOND } from '../../../src/domain/instant.js';
import type { PrimaryName, ReplicationWanted } from '../../../src/databases/databases.js';
import { databasesContract } from '../../contracts/databases.contract.js';
import { codfw, eqiad } from '../../support/practice-installation.js';
import { authority, openTwoDatacenters } from '../../support/two-datacenters.js';

databasesContract('of the simulation', async (run) => {
  using pair = openTwoDatacenters();
  const { clock, world, installation } = pair;
  const [first, second] = installation.sections.map((section): [PrimaryName, PrimaryName] => [
    { section, datacenter: codfw },
    { section, datacenter: eqiad },
  ]);
  if (first === undefined || second === undefined) throw new Error('there are two sections');
  const open = async (): Promise<boolean> =>
    (await pair.databases.openTransactions([first[0]])).some(
      ({ open: count }) => count.answered && count.value > 0,
    );
  await run({
    databases: pair.databases,
    clock,
    pairs: [first, second],
    // Editors write all the time.
    write: () => sleep(clock, 3 * SECOND),
    async openTransaction() {
      while (!(await open())) await sleep(clock, 10);
    },
    stopReplication() {
      world.faults.cause({ kind: 'replication-stuck', section: first[0].section });
      return Promise.resolve(() => void world.faults.clear());
    },
    takeDown(primary) {
      world.faults.cause({ kind: 'database-down', ...primary });
      return Promise.resolve();
    },
  });
});

describe('the simulated database primaries', () => {
  test('take a round trip to answer: longer to the other datacenter', async () => {
    using pair = openTwoDatacenters();
    const [section] = pair.installation.sections;
    if (section === undefined) throw new Error('no sections');
    const took = async (datacenter: typeof eqiad): Promise<number> => {
      const began = pair.clock.now();
      await pair.databases.access([{ section, datacenter }]);
      return pair.clock.now() - began;
    };
    expect([await took(eqiad), await took(codfw)]).toEqual([1, 33]);
  });

  test('have not reached a position before the edit has come over and been executed', async () => {
    using pair = openTwoDatacenters();
    const [section] = pair.installation.sections;
    if (section === undefined) throw new Error('no sections');
    const { signal } = new AbortController();
    const position = async () => {
      const [answer] = await pair.databases.positions([{ section, datacenter: codfw }]);
      if (answer?.position.answered !== true) throw new Error('no answer');
      return answer.position.value;
    };
    const before = await position();
    let fresh = before;
    while (fresh === before) fresh = await position();
    const asked = { primary: { section, datacenter: eqiad }, position: fresh };
    const [first] = await pair.databases.reached([asked], 0, signal);
    const began = pair.clock.now();
    const [second] = await pair.databases.reached([asked], SECOND, signal);
    expect([first?.reached, second?.reached]).toMatchObject([{ value: false }, { value: true }]);
    expect(pair.clock.now() - began).toBeLessThan(60);
  });

  test('that were told to stop do so until they are told to go on, whatever else is broken and mended', async () => {
    using pair = openTwoDatacenters();
    const [section] = pair.installation.sections;
    if (section === undefined) throw new Error('no sections');
    const replica = { section, datacenter: eqiad };
    const running = async (): Promise<boolean | undefined> => {
      const [answer] = await pair.databases.replication([replica]);
      return answer?.status.answered === true ? answer.status.value.running : undefined;
    };
    const set = (to: ReplicationWanted) =>
      pair.databases.setReplication([replica], to, authority, 5 * SECOND);
    const inputs: string[] = [];
    pair.world.onInput(({ kind }) => inputs.push(kind));
    await set({ kind: 'stopped' });
    await set({ kind: 'stopped' });
    expect(inputs).toEqual(['replication']);
    pair.world.faults.cause({ kind: 'replication-stuck', section });
    pair.world.faults.clear();
    expect(await running()).toBe(false);
    pair.world.faults.cause({ kind: 'replication-stuck', section });
    const [stuck] = await set({ kind: 'running', from: codfw });
    expect(stuck?.status).toMatchObject({
      value: { running: false, problem: expect.stringContaining('1062') },
    });
    pair.world.faults.clear();
    expect(await running()).toBe(true);
  });

  test('are set one after the other: a kill in between leaves some of them set', async () => {
    using pair = openTwoDatacenters();
    const primaries = pair.installation.sections.map((section) => ({ section, datacenter: codfw }));
    void pair.databases.setAccess(primaries, 'read-only', authority, 5 * SECOND);
    await sleep(pair.clock, 17);
    const killed = pair.reopened();
    const writable = killed.world.look().datacenters.find(({ name }) => name === codfw)?.writable;
    expect(writable).toHaveLength(8);
    killed.die();
  });
});
