import { expect, test } from '@jest/globals';
import { foldRun } from '../../src/runner/evolve.js';
import { abortOrder } from '../../src/runner/orders.js';
import type { RunFile } from '../../src/runner/run-file.js';
import type { RunState } from '../../src/runner/run-state.js';
import { alice, help } from '../support/toy-crowd.js';
import { ToyHouse } from '../support/toy-house.js';
import { blindWrites, brokenLaws } from '../support/toy-laws.js';
import { ToyLife } from '../support/toy-life.js';
import { oneGo, ToyWorld } from '../support/toy-runbook.js';
import { toySwitchover } from '../support/toy-switchover.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** How the tasks of a run came out: what recovery may not change. */
const outcomes = (state: RunState): object => ({
  result: state.ended?.result,
  counts: state.ended?.counts,
  ends: Object.fromEntries(
    Object.entries(state.tasks)
      .map(([id, task]) => [id, task.end ?? task.leftAsIs] as const)
      .sort(),
  ),
});

interface Lived {
  readonly world: ToyWorld;
  readonly state: RunState;
  readonly events: readonly string[];
  readonly broken: readonly string[];
}

type Story = (house: ToyHouse, file: RunFile) => Promise<void>;

/** A whole run whose process dies at one event; another process takes it up and brings it to its end. */
async function live(story: Story, diesAt = Infinity): Promise<Lived> {
  using folder = temporaryFolder();
  const world = new ToyWorld(ToyHouse.clock());
  let house = new ToyHouse(folder, world, { life: new ToyLife(diesAt) });
  const prepared = house.prepare(toySwitchover(world), 'live');
  try {
    const requested = house.request(prepared, oneGo);
    const first = await Promise.race([requested, house.life.over]);
    if (first !== undefined) {
      const driving = house.drive(first);
      await Promise.race([Promise.all([driving, story(house, first)]), house.life.over]);
    }
    const { events } = house.life;
    if (house.life.isOver) {
      house.die();
      house = new ToyHouse(folder, world);
      const [run] = await house.journal.unfinished();
      // It died before the request was on disk, or after the end was: nothing is left to take up.
      const known = (await house.journal.runs(1))[0];
      const file =
        known === undefined ? await house.request(prepared, oneGo) : await house.load(known, prepared);
      if (run !== undefined) await house.recover(file);
      if (file.state.stage !== 'ended') await Promise.all([house.drive(file), story(house, file)]);
    }
    const [run = 0] = await house.journal.runs(1);
    const entries = await house.journal.read(run);
    const state = foldRun(entries) as RunState;
    return { world, state, events, broken: [...brokenLaws(prepared, entries), ...blindWrites(world)] };
  } finally {
    house.close();
  }
}

/** Everybody helps; in the second story somebody aborts as late as that is possible. */
const toTheEnd: Story = help;
const backAgain: Story = async (house, file) => {
  const helping = help(house, file);
  while (file.state.tasks['03-e']?.end === undefined && file.state.stage !== 'ended' && !house.life.isOver)
    await Promise.race([file.changed(), house.life.over]);
  if (file.state.abort === undefined && file.state.stage !== 'ended' && !house.life.isOver)
    await Promise.race([house.order(file, abortOrder('enough'), alice), house.life.over]);
  await helping;
};

for (const [name, story, result] of [
  ['goes on to the end', toTheEnd, 'PASS'],
  ['is taken back', backAgain, 'ABORTED'],
] as const)
  test(`a run that ${name} comes out the same wherever its process dies once`, async () => {
    const undisturbed = await live(story);
    expect(undisturbed.broken).toEqual([]);
    expect(undisturbed.state.ended?.result).toBe(result);
    expect(undisturbed.events.length).toBeGreaterThan(150);
    // Up to the abort the second story is the first one.
    const from = Math.max(0, undisturbed.events.indexOf('before abort-asked'));
    for (const [at, event] of [...undisturbed.events.entries()].slice(from)) {
      const lived = await live(story, at);
      expect([event, lived.broken]).toEqual([event, []]);
      expect([event, lived.world.on]).toEqual([event, undisturbed.world.on]);
      expect([event, outcomes(lived.state)]).toEqual([event, outcomes(undisturbed.state)]);
    }
  }, 120_000);
