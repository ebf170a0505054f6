import { describe, expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import { blocked, holds, notYet } from '../../src/runbook/finding.js';
import { Overlay, overlayReaders } from '../../src/runbook/overlay.js';
import type { Phase } from '../../src/runbook/runbook.js';
import { defineTask, type Step } from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import { makePlan } from '../../src/runner/make-plan.js';
import { overlayPerformer } from '../../src/runner/overlay-performer.js';
import type { StepAt } from '../../src/runner/performer.js';
import { worldPerformer } from '../../src/runner/world-performer.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { exactly } from '../../src/state/selector.js';
import { NOON, preparedOf, Told } from '../support/toy-decide.js';
import {
  type ToyTask,
  toyManual,
  toyObject,
  toyTags,
  toyTask,
  toyValue,
  ToyWorld,
} from '../support/toy-runbook.js';

const world = (): ToyWorld => new ToyWorld(fastClock(instant(NOON)));
const readersOf = (of: ToyWorld, parts: Partial<Readers> = {}): Readers => ({
  ...({} as Readers),
  state: of.reader,
  signal: new AbortController().signal,
  now: () => of.clock.now(),
  recall: () => undefined,
  ...parts,
});
/** A site that can only be asked for real. */
const site = (lag: number) => ({ activity: () => Promise.resolve({ lag }) }) as unknown as Readers['site'];

describe('what is laid over the world', () => {
  test('is read instead of it, and the rest is read as it is', async () => {
    const under = world();
    under.values.set('b', 'on');
    const overlay = new Overlay();
    overlay.lay('00-a', 'off', [{ object: toyObject('a'), from: 'off', to: 'on' }]);
    const { readers, touched } = overlayReaders(readersOf(under), overlay);
    expect([
      await toyValue(readers, 'a'),
      await toyValue(readers, 'b'),
      await toyValue(readers, 'c'),
    ]).toEqual(['on', 'on', 'off']);
    expect(touched()).toBe(false);
    expect(under.read('a')).toBe('off');
  });
  test.each([null, false, ''])('is read also where it is %j', async (to) => {
    const overlay = new Overlay();
    overlay.lay('00-a', 'off', [{ object: toyObject('a'), from: 'off', to }]);
    const { readers } = overlayReaders(readersOf(world()), overlay);
    expect((await readers.state.select('mwconfig', exactly(toyTags('a'))))[0]?.fields['val']).toBe(to);
  });
  test('is the newest of several, and the first before', () => {
    const overlay = new Overlay();
    overlay.lay('00-a', 'first', [{ object: 'x', from: 1, to: 2 }]);
    overlay.lay('00-a', 'second', [{ object: 'x', from: 2, to: 3 }]);
    expect(overlay.value('x')).toBe(3);
    expect(overlay.recall('00-a')).toEqual({ before: 'first' });
  });
  test('is recalled with its before and without a done, whatever a journal says; what was really done with both', () => {
    const overlay = new Overlay();
    overlay.lay('00-a', 'off', []);
    const recall = (): { before: string; done: null } => ({ before: 'journaled', done: null });
    const { readers } = overlayReaders(readersOf(world(), { recall }), overlay);
    expect(readers.recall('00-a')).toEqual({ before: 'off' });
    expect(readers.recall('00-b')).toEqual({ before: 'journaled', done: null });
  });
  test('makes doubtful what can only be asked for real, and nothing else', async () => {
    const overlay = new Overlay();
    const ask = async (): Promise<boolean> => {
      const { readers, touched } = overlayReaders(readersOf(world(), { site: site(3) }), overlay);
      expect(await readers.site.activity(readers.signal)).toEqual({ lag: 3 });
      return touched();
    };
    expect(await ask()).toBe(false);
    overlay.lay('00-a', 'off', []);
    expect(await ask()).toBe(false);
    overlay.lay('00-a', 'off', [{ object: 'x', from: 1, to: 2 }]);
    expect(await ask()).toBe(true);
  });
});

/** Turns a switch off again that an earlier task turns on. */
function takingBack(of: ToyWorld, id: string, name: string, parts: Omit<ToyTask, 'id'> = {}) {
  const task = toyTask(of, { id, ...parts });
  return defineTask({
    ...task,
    check: async (see: Readers) => {
      const from = await toyValue(see, name);
      if (from === 'off')
        return { finding: blocked([{ about: name, seen: 'off' }]), before: from, changes: [] };
      return { finding: holds(), before: from, changes: [{ object: toyObject(name), from, to: 'off' }] };
    },
  });
}

describe('a plan', () => {
  const phasesOf = (of: ToyWorld): Phase[] => [
    { id: '0', title: 'on', urgent: false, tasks: [toyTask(of, { id: '00-a' }), toyManual('00-m')] },
    { id: '7', title: 'off again', urgent: false, tasks: [takingBack(of, '07-a', '00-a')] },
  ];
  test('makes later tasks see what earlier ones would have changed', async () => {
    const of = world();
    const plan = await makePlan(preparedOf(phasesOf(of)), readersOf(of));
    expect(plan.phases.map(({ tasks }) => tasks.map(({ id, does, changes }) => [id, does, changes]))).toEqual(
      [
        [
          ['00-a', 'act', [{ object: toyObject('00-a'), from: 'off', to: 'on' }]],
          ['00-m', 'manual', []],
        ],
        [['07-a', 'act', [{ object: toyObject('00-a'), from: 'on', to: 'off' }]]],
      ],
    );
    expect(of.writes).toEqual([]);
  });
  test('walks the tasks of a phase in the order in which they would be done', async () => {
    const of = world();
    const tasks = [
      takingBack(of, '00-z', '00-a', { after: [{ task: '00-a', once: 'applied' }] }),
      toyTask(of, { id: '00-a' }),
    ];
    const plan = await makePlan(preparedOf([{ id: '0', title: 'p', urgent: false, tasks }]), readersOf(of));
    expect(plan.phases[0]?.tasks.map(({ id }) => id)).toEqual(['00-a', '00-z']);
    expect(plan.phases[0]?.tasks[1]?.finding.kind).toBe('holds');
  });
  test('has the same digests for the phases that remain, in the middle of a run, as at its request', async () => {
    const of = world();
    const run = preparedOf(phasesOf(of));
    const asked = await makePlan(run, readersOf(of));
    const told = Told.started(run).through('00-a').tell({ kind: 'phase-ended', phase: '0' });
    of.values.set('00-a', 'on');
    const rest = await makePlan(run, readersOf(of), told.state);
    expect(rest.phases.map(({ id, digest }) => [id, digest])).toEqual([['7', asked.phases[1]?.digest]]);
    of.values.set('00-a', 'half');
    expect((await makePlan(run, readersOf(of), told.state)).phases[0]?.digest).not.toBe(
      asked.phases[1]?.digest,
    );
  });
  test('leaves out the tasks of a phase that are over, and keeps those that failed', async () => {
    const of = world();
    const tasks = [toyTask(of, { id: '00-a' }), toyTask(of, { id: '00-b' })];
    const run = preparedOf([{ id: '0', title: 'p', urgent: false, tasks }]);
    const told = Told.started(run).through('00-a');
    told.step('00-b', 'check', { kind: 'checked', finding: blocked([]), before: null, changes: [] });
    expect((await makePlan(run, readersOf(of), told.state)).phases[0]?.tasks.map(({ id }) => id)).toEqual([
      '00-b',
    ]);
  });
  test.each([
    ['holds', holds(), true, 'holds'],
    ['is not so yet', notYet([]), false, 'assumed'],
    ['says no for what it read through the overlay', blocked([]), false, 'blocked'],
    ['says no for what could only be asked for real', blocked([]), true, 'assumed'],
  ] as const)('where a check %s is told as it is', async (_, finding, asks, expected) => {
    const of = world();
    const odd = defineTask({
      ...toyTask(of, { id: '00-b', after: [{ task: '00-a', once: 'applied' }] }),
      check: async (see: Readers) => {
        if (asks) await see.site.activity(see.signal);
        return { finding, before: null, changes: [] };
      },
    });
    const run = preparedOf([
      { id: '0', title: 'p', urgent: false, tasks: [toyTask(of, { id: '00-a' }), odd] },
    ]);
    const plan = await makePlan(run, readersOf(of, { site: site(1) }));
    expect(plan.phases[0]?.tasks[1]?.finding.kind).toBe(expected);
  });
  test('that cannot look is none', async () => {
    const of = world();
    const state = { ...of.reader, select: () => Promise.reject(new Error('no store')) };
    await expect(makePlan(preparedOf(phasesOf(of)), readersOf(of, { state }))).rejects.toThrow('no store');
  });
});

describe('who performs the steps of a run', () => {
  const at: StepAt = {
    task: '00-a',
    phase: '0',
    direction: 'forward',
    state: new Told(preparedOf([])).state,
    signal: new AbortController().signal,
  };
  const facts = { before: null, done: undefined, appliedAt: { earliest: instant(0), latest: instant(0) } };
  const change = { object: toyObject('00-a'), from: 'off', to: 'on' };

  test('in a dry run has nothing to write with: an apply is laid over, and never called', async () => {
    const of = world();
    const performer = overlayPerformer(() => readersOf(of), undefined);
    const step: Pick<Step, 'apply'> = { apply: () => Promise.reject(new Error('called')) };
    expect(await performer.apply(step, at, 'off', [change])).toEqual({ kind: 'laid' });
    expect(await performer.check(toyTask(of, { id: '00-a' }), at)).toMatchObject({
      kind: 'checked',
      changes: [],
    });
    const verify = toyTask(of, { id: '00-a' });
    expect(await performer.verify((see, known) => verify.verify(see, known), at, facts)).toEqual({
      kind: 'found',
      finding: holds(),
    });
    expect([of.writes, of.read('00-a')]).toEqual([[], 'off']);
  });
  test.each([
    ['a firm no', () => Promise.resolve(blocked([])), true],
    ['what would only be waited for', () => Promise.resolve(notYet([])), undefined],
    ['what cannot be looked at', () => Promise.reject(new Error('no answer')), true],
  ])('in a dry run says whether %s would stop a real one', async (_, verify, wouldStop) => {
    const outcome = await overlayPerformer(() => readersOf(world()), undefined).verify(verify, at, facts);
    expect(outcome).toMatchObject({ kind: 'found', finding: { kind: 'assumed' } });
    expect('wouldStop' in outcome ? outcome.wouldStop : undefined).toBe(wouldStop);
  });
  test('in a dry run that was taken up again sees what had been laid over before', async () => {
    const of = world();
    const told = Told.started(preparedOf([]));
    told.step('00-a', 'check', { kind: 'checked', finding: holds(), before: 'off', changes: [change] });
    told.step('00-a', 'apply', { kind: 'laid' });
    const performer = overlayPerformer(() => readersOf(of), told.state);
    expect(await performer.check(takingBack(of, '07-a', '00-a'), { ...at, task: '07-a' })).toMatchObject({
      changes: [{ from: 'on', to: 'off' }],
    });
  });
  test('in earnest never takes what is assumed for observed', async () => {
    const performer = worldPerformer({ readers: () => readersOf(world()), writers: () => ({}) as never });
    const assumed = { kind: 'assumed', evidence: [] } as const;
    const never = { kind: 'failed', retry: 'never' };
    expect(await performer.verify(() => Promise.resolve(assumed), at, facts)).toMatchObject(never);
    const check = () => Promise.resolve({ finding: assumed, before: null, changes: [] });
    expect(await performer.check({ check }, at)).toMatchObject(never);
  });
});
