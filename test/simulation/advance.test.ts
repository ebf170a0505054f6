import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, HOUR, MINUTE, SECOND, type Millis, instant } from '../../src/domain/instant.js';
import { advance } from '../../src/simulation/advance.js';
import { applyInput } from '../../src/simulation/apply-input.js';
import { defaultInventory } from '../../src/simulation/default-inventory.js';
import type { Fault } from '../../src/simulation/fault.js';
import { firstState } from '../../src/simulation/first-state.js';
import { followChange } from '../../src/simulation/follow-store.js';
import { savedLately } from '../../src/simulation/recent-edits.js';
import { writtenBy } from '../../src/simulation/replication.js';
import type { StateChange } from '../../src/simulation/state-history.js';
import type { WorldInput } from '../../src/simulation/world-input.js';
import { lookAt } from '../../src/simulation/world-look.js';
import { shapeOf } from '../../src/simulation/world-shape.js';
import type { WorldState } from '../../src/simulation/world-state.js';
import { codfw, eqiad, practiceInstallation } from '../support/practice-installation.js';
import { AN_HOUR_BEFORE } from '../support/virtual-clock.js';

const shape = shapeOf(practiceInstallation, defaultInventory(practiceInstallation));

function newWorld(): WorldState {
  const records = Object.fromEntries(
    practiceInstallation.wiki.readWriteRecords.map((record) => [
      record,
      [
        { pooled: false, ttl: 30 },
        { pooled: true, ttl: 30 },
      ] as [{ pooled: boolean; ttl: number }, { pooled: boolean; ttl: number }],
    ]),
  );
  return firstState(shape, { primary: 1, readOnly: [false, false], records }, 0, AN_HOUR_BEFORE);
}

type Deed = { readonly input: WorldInput } | { readonly change: Omit<StateChange, 'revision' | 'at'> };

interface Event {
  readonly after: Millis;
  readonly deed: Deed;
}

const side = fc.constantFrom(0 as const, 1 as const);
const dc = fc.constantFrom(eqiad, codfw);
const sections = practiceInstallation.sections;
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('replication-stuck' as const), section: fc.constantFrom(...sections) }),
  fc.record({
    kind: fc.constant('database-down' as const),
    section: fc.constantFrom(...sections),
    datacenter: dc,
  }),
  fc.record({
    kind: fc.constant('app-server-stuck' as const),
    server: fc.constantFrom(...shape.appServers.map(({ host }) => host)),
  }),
  fc.record({
    kind: fc.constant('host-unreachable' as const),
    host: fc.constantFrom(...shape.appServers.map(({ host }) => host)),
  }),
  fc.record({
    kind: fc.constantFrom('dns-server-stuck' as const, 'dns-server-down' as const),
    server: fc.constantFrom('ns0', 'ns1', 'ns2'),
  }),
  fc.constant({ kind: 'store-unavailable' as const }),
);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    input: fc.oneof(
      fc.record({
        kind: fc.constant('access' as const),
        section: fc.nat(sections.length - 1),
        side,
        access: fc.constantFrom('read-only' as const, 'read-write' as const),
      }),
      fc.record({ kind: fc.constant('fault' as const), fault }),
      fc.constant({ kind: 'fault-cleared' as const }),
      fc.record({
        kind: fc.constant('command' as const),
        host: fc.constantFrom(
          'mwmaint1002.eqiad.wmnet',
          'mwmaint2002.codfw.wmnet',
          'jobrunner2001.codfw.wmnet',
          'dns1004.eqiad.wmnet',
        ),
        effect: fc.oneof(
          fc.constantFrom(
            { do: 'enable-puppet' as const },
            { do: 'stop-periodic-jobs' as const },
            { do: 'restart-job-runners' as const },
          ),
          fc.constant({ do: 'disable-puppet' as const, reason: 'a test' }),
          fc.constant({ do: 'wipe-recursor-cache' as const, records: ['mw-web-rw'] }),
        ),
      }),
    ),
  }),
  fc.record({
    change: fc.oneof(
      fc.record({
        kind: fc.constant('discovery' as const),
        tags: fc.record({ dnsdisc: fc.constantFrom('mw-web-rw', 'mw-api-ext-rw'), name: dc }),
        fields: fc.record({ pooled: fc.boolean(), ttl: fc.constantFrom(5, 30), references: fc.constant([]) }),
      }),
      fc.record({
        kind: fc.constant('mwconfig' as const),
        tags: fc.record({ scope: dc, name: fc.constant('ReadOnly') }),
        fields: fc.record({ val: fc.constantFrom(false, 'a reason') }),
      }),
      fc.record({
        kind: fc.constant('mwconfig' as const),
        tags: fc.constant({ scope: 'common', name: 'WMFMasterDatacenter' }),
        fields: fc.record({ val: dc }),
      }),
    ),
  }),
);
const story: fc.Arbitrary<Event[]> = fc.array(
  fc.record({ after: fc.oneof(fc.nat(50), fc.nat(20 * SECOND), fc.nat(2 * HOUR)), deed }),
  { maxLength: 12 },
);

/** Plays a story and then lets a while pass; `cut` says how far at most it goes at once. */
function play(events: readonly Event[], rest: Millis, cut: (step: number) => Millis): WorldState {
  const state = newWorld();
  let steps = 0;
  const go = (to: number): void => {
    while (state.at < to) advance(shape, state, Math.min(to, state.at + Math.max(1, cut((steps += 1)))));
  };
  let at: number = AN_HOUR_BEFORE;
  events.forEach(({ after, deed: { ...what } }, index) => {
    at += after;
    go(at);
    if ('input' in what) applyInput(shape, state, at, what.input);
    else followChange(shape, state, { ...what.change, revision: index + 1, at: instant(at) });
  });
  go(at + rest);
  return state;
}

/** Everything that anybody can see of a world. */
function seen(state: WorldState): unknown {
  return {
    look: lookAt(shape, state),
    written: state.sections.map(({ written }) => written.map(writtenBy)),
    executed: state.sections.map(({ written }) => written.map(({ executed }) => executed)),
    lately: savedLately(state),
    hosts: state.hosts,
  };
}

describe('the way to an instant', () => {
  test('makes no difference, however it is cut', () => {
    fc.assert(
      fc.property(
        story,
        fc.nat(3 * MINUTE),
        fc.array(fc.oneof(fc.nat(100), fc.nat(30 * SECOND), fc.nat(HOUR)), { minLength: 1 }),
        (events, rest, cuts) => {
          const atOnce = play(events, rest, () => Infinity);
          const inPieces = play(events, rest, (step) =>
            step > 500 ? HOUR : Math.max(20, cuts[step % cuts.length] ?? 0),
          );
          expect(seen(inPieces)).toEqual(seen(atOnce));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('can be left and taken up again from a checkpoint at any moment', () => {
    fc.assert(
      fc.property(story, story, (before, after) => {
        const state = play(before, 0, () => Infinity);
        const restored = JSON.parse(JSON.stringify(state)) as WorldState;
        for (const world of [state, restored]) {
          for (const { after: later, deed: what } of after) {
            if ('input' in what) applyInput(shape, world, world.at + later, what.input);
            else followChange(shape, world, { ...what.change, revision: 99, at: instant(world.at + later) });
          }
          advance(shape, world, world.at + MINUTE);
        }
        expect(restored).toEqual(state);
      }),
      { numRuns: 60 },
    );
  });

  test('leaves no edit unaccounted for', () => {
    fc.assert(
      fc.property(story, fc.nat(MINUTE), (events, rest) => {
        const { edits, openEdits } = play(events, rest, () => Infinity);
        const sum = (key: keyof (typeof edits)[0]): number => edits[0][key] + edits[1][key];
        expect(
          sum('saved') + sum('refused') + sum('databaseErrors') + sum('unreachable') + openEdits.length,
        ).toBe(sum('attempted'));
      }),
      { numRuns: 60 },
    );
  });

  test('over a year costs no more steps than there are changes, and counts every attempt', () => {
    const state = newWorld();
    advance(shape, state, AN_HOUR_BEFORE + 365 * DAY);
    expect(state.edits[1].attempted).toBe((365 * DAY) / 100);
    // All of them executed on the other side, apart from the last moment's.
    expect(state.sections.flatMap(({ written }) => written[1].pending).length).toBeLessThan(5);
  });

  test('over a month with stuck replication keeps the backlog in a few numbers, and catches up with it', () => {
    const state = newWorld();
    const [first] = sections;
    if (first === undefined) throw new Error('no sections');
    applyInput(shape, state, AN_HOUR_BEFORE, {
      kind: 'fault',
      fault: { kind: 'replication-stuck', section: first },
    });
    for (let day = 1; day <= 30; day += 1) advance(shape, state, AN_HOUR_BEFORE + day * DAY);
    const log = state.sections[0]?.written[1];
    expect(log?.pending.length).toBeLessThan(50);
    expect(log && writtenBy(log)).toBeGreaterThan((30 * DAY) / 1_200 - 5);
    expect(log?.executed).toBe(0);
    applyInput(shape, state, state.at, { kind: 'fault-cleared' });
    advance(shape, state, state.at + 2 * DAY);
    expect(log?.pending.length).toBeLessThan(5);
  });
});
