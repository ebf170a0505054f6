import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.js';
import { section } from '../../src/domain/names.js';
import { WorldMismatch } from '../../src/simulation/errors.js';
import { openSimulatedWorld } from '../../src/simulation/simulated-world.js';
import { openWorldFile } from '../../src/simulation/world-file.js';
import { codfw, eqiad, practiceInstallation } from '../support/practice-installation.js';
import { SwitchByHand } from '../support/switch-by-hand.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type TwoDatacenters, openTwoDatacenters } from '../support/two-datacenters.js';

/** Steps of a switchover with some trouble on the way; each is one thing that is done to the world. */
const steps: ((by: SwitchByHand) => unknown)[] = [
  (by) => by.setTtl(10),
  (by) => by.pass(5 * MINUTE),
  (by) => by.pair.world.faults.cause({ kind: 'replication-stuck', section: section('s4') }),
  (by) => by.setReadOnly('a reason'),
  (by) => by.pass(3 * SECOND),
  (by) => by.setAccess(codfw, 'read-only'),
  (by) => by.setReplication(eqiad, { kind: 'stopped' }),
  (by) => by.pass(3 * SECOND),
  (by) => by.pool(eqiad, true),
  (by) => by.setPrimary(),
  (by) => by.pair.world.faults.clear(),
  (by) => by.pool(codfw, false),
  (by) => by.pass(7 * SECOND),
  (by) => by.setReplication(eqiad, { kind: 'running', from: codfw }),
  (by) => by.setAccess(eqiad, 'read-write'),
  (by) => by.setReadOnly(false),
  (by) => by.pass(HOUR),
];

const everything = (pair: TwoDatacenters) => ({
  look: pair.world.look(),
  state: pair.world.now(),
  history: pair.world.factsHistory(),
});

describe('a world', () => {
  test('is the same after a kill at any moment as if nothing had happened', async () => {
    using folder = temporaryFolder();
    let killed = openTwoDatacenters({ directory: folder.path });
    using undisturbed = openTwoDatacenters();
    for (const step of steps) {
      await step(new SwitchByHand(killed, codfw, eqiad));
      await step(new SwitchByHand(undisturbed, codfw, eqiad));
      killed = killed.reopened();
      expect(everything(killed)).toEqual(everything(undisturbed));
    }
    killed.die();
  });

  test('goes on while nobody looks: what was under way is over when it is opened again', async () => {
    using before = openTwoDatacenters();
    const by = new SwitchByHand(before, codfw, eqiad);
    await by.pool(eqiad, true);
    await by.pool(codfw, false);
    const { attempted } = before.world.counts();
    const after = before.reopened(10 * MINUTE);
    const cached = after.world.look().records.flatMap((record) => Object.values(record.cached));
    expect(new Set(cached)).toEqual(new Set([eqiad]));
    expect(after.world.counts().attempted).toBe(attempted + 6_000);
    after.die();
  });

  test('needs only its newest checkpoint and the inputs after it', async () => {
    using pair = openTwoDatacenters();
    for (let round = 0; round < 100; round += 1) {
      pair.world.faults.cause({ kind: 'command-failing', command: `command-${round}` });
      await new SwitchByHand(pair, codfw, eqiad).pass(SECOND);
    }
    const before = structuredClone(pair.world.now());
    const reopened = pair.reopened();
    expect(before.faults).toHaveLength(100);
    expect(reopened.world.now()).toEqual(before);
    reopened.die();
  });

  test('is refused when its file and the state store’s do not belong together', () => {
    using pair = openTwoDatacenters();
    using folder = temporaryFolder();
    const database = openWorldFile(folder.file('world.db'), 'none');
    const { clock, installation, embedded } = pair;
    openSimulatedWorld({ database, clock, installation, history: embedded.changes });
    const younger = { revision: () => 0, after: () => [] };
    expect(() => openSimulatedWorld({ database, clock, installation, history: younger })).toThrow(
      WorldMismatch,
    );
    const other = { ...installation, sections: installation.sections.slice(1) };
    expect(() =>
      openSimulatedWorld({ database, clock, installation: other, history: embedded.changes }),
    ).toThrow(WorldMismatch);
    database.close();
  });

  test('does not begin before the state store says which datacenter is the primary', () => {
    using pair = openTwoDatacenters();
    using folder = temporaryFolder();
    const database = openWorldFile(folder.file('world.db'), 'none');
    const empty = { revision: () => 0, after: () => [] };
    expect(() =>
      openSimulatedWorld({ database, clock: pair.clock, installation: practiceInstallation, history: empty }),
    ).toThrow(WorldMismatch);
    database.close();
  });
});
