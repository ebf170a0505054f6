import { describe, expect, test } from '@jest/globals';
import type { WorldFacts } from '../../src/simulation/world-facts.js';
import { type LawProgress, nothingStarted, violations } from '../../src/simulation/world-law.js';
import { codfw, eqiad } from '../support/practice-installation.js';
import { SwitchByHand } from '../support/switch-by-hand.js';
import { openTwoDatacenters } from '../support/two-datacenters.js';

/** A law that allows everything that a live run may ever do, so that what is left is always a crime. */
const midway: LawProgress = {
  ...nothingStarted,
  setReadOnly: 'started',
  fromReadOnly: 'started',
  switchRecords: 'started',
  toReadWrite: 'started',
};
const crimes = (history: readonly WorldFacts[]): string[] =>
  history.flatMap((facts) => violations({ mode: 'live', from: codfw, to: eqiad, progress: midway }, facts));

describe('the history of a world', () => {
  test('shows a switchover in the order of the field without a crime, each change once', async () => {
    using pair = openTwoDatacenters();
    await new SwitchByHand(pair, codfw, eqiad).properly();
    const history = pair.world.factsHistory();
    expect(crimes(history)).toEqual([]);
    expect(violations({ mode: 'none', primary: codfw }, history[0] as WorldFacts)).toEqual([]);
    expect(violations({ mode: 'none', primary: eqiad }, history.at(-1) as WorldFacts)).toEqual([]);
    // The beginning, six transactions of the state, two statements on each of twelve sections.
    expect(history).toHaveLength(1 + 6 + 24);
    expect(history.at(-1)).toMatchObject({
      ...pair.world.facts(),
      because: expect.any(String),
      at: expect.any(Number),
    });
  });

  test('shows that both primaries were writable, although it is over', async () => {
    using pair = openTwoDatacenters();
    const by = new SwitchByHand(pair, codfw, eqiad);
    await by.setAccess(eqiad, 'read-write');
    await by.setAccess(codfw, 'read-only');
    expect(crimes([pair.world.facts()])).toEqual([]);
    expect(crimes(pair.world.factsHistory())).toContain('s4 can be written in eqiad and codfw at once');
  });

  test('shows that a record was pooled nowhere, although it is over', async () => {
    using pair = openTwoDatacenters();
    const by = new SwitchByHand(pair, codfw, eqiad);
    await by.pool(codfw, false);
    await by.pool(eqiad, true);
    expect(crimes([pair.world.facts()])).toEqual([]);
    expect(crimes(pair.world.factsHistory())).toContain('mw-web-rw is pooled nowhere');
  });

  test('counts a database that is down as not writable', async () => {
    using pair = openTwoDatacenters();
    const [first] = pair.installation.sections;
    if (first === undefined) throw new Error('no sections');
    pair.world.faults.cause({ kind: 'database-down', section: first, datacenter: codfw });
    const facts = pair.world.factsHistory().at(-1);
    expect(facts?.because).toBe(`database ${first} codfw down`);
    expect([facts?.writable[first], facts?.down[first]]).toEqual([[], [codfw]]);
    expect(facts && violations({ mode: 'none', primary: codfw }, facts)).toEqual([]);
  });
});
