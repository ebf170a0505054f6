import { openFiles } from '../src/compose/files.js';
import { type House, openHouse } from '../src/compose/house.js';
import type { Config } from '../src/config/config.js';
import { embeddedDefaults } from '../src/config/embedded-defaults.js';
import type { Clock } from '../src/domain/clock.js';
import { instant } from '../src/domain/instant.js';
import type { Person } from '../src/access/person.js';
import type { RunId } from '../src/runner/journal.js';
import { openGates, type RunState } from '../src/runner/run-state.js';
import { fastClock } from '../src/simulation/fast-clock.js';

/** A command that did not make it in time on a busy machine is given again so often, as people would. */
const MOST_RETRIES = 3;

/** What a house is opened with. */
export interface BenchHouseParts {
  readonly config: Config;
  readonly wall: Clock;
}

/** Simulated, with a clock that jumps over every wait. */
const simulated = (): BenchHouseParts => ({
  config: embeddedDefaults('bench'),
  wall: fastClock(instant(Date.parse('2027-03-24T12:00:00Z'))),
});

/** A house on real files; simulated unless told. */
export async function openBenchHouse(
  directory: string,
  { config, wall }: BenchHouseParts = simulated(),
): Promise<{ house: House; close(): Promise<void> }> {
  const files = openFiles(directory);
  const fail = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const house = await openHouse({
    config,
    files,
    wall,
    speed: 1,
    trouble: fail,
    report: ({ error }) => {
      fail(String(error));
    },
  });
  return {
    house,
    async close() {
      await house.close();
      files.close();
    },
  };
}

/** One live switchover, answered by people at once. Resolves with its state; throws where it cannot go on. */
export async function runSwitchover(house: House, words = ''): Promise<RunState> {
  const { runner, journal, config } = house;
  const [operator] = config.people;
  const say = async (person: Person | undefined, line: string): Promise<unknown> => {
    const identity = { kind: 'practice', name: person?.name ?? '' } as const;
    const { router } = house;
    return (await router.answer(line, { identity, chat: 'cli', messageId: `${line}/${Math.random()}` })).data;
  };
  const started = (await say(operator, `start --task T1 --reason bench ${words}`.trimEnd())) as
    { run: RunId } | undefined;
  if (started === undefined) throw new Error(`the run was refused: start ${words}`);
  const answered = new Set<string>();
  let stuck = 0;
  const from = (await journal.read(started.run))[0]?.position ?? 0;
  for await (const { run, entry } of journal.follow(from - 1, new AbortController().signal)) {
    const state = (await runner.view(run))?.state;
    if (run !== started.run || state === undefined) continue;
    if (entry.kind === 'run-ended') return state;
    if (entry.kind === 'task-stuck') {
      stuck += 1;
      if (stuck > MOST_RETRIES) throw new Error(`the run cannot go on: ${entry.task}: ${entry.because}`);
      await say(operator, `retry ${run} ${entry.task}`);
    }
    for (const [key, person, line] of answersFor(state, house)) {
      if (answered.has(key)) continue;
      answered.add(key);
      await say(person, line);
    }
  }
  throw new Error('the journal ended before the run');
}

function answersFor(state: RunState, { config }: House): [string, Person, string][] {
  const votes = openGates(state).flatMap((gate) =>
    config.people
      .filter(
        (person) =>
          person.name !== gate.asker && person.roles.some((held) => gate.policy.mayAnswer.includes(held)),
      )
      .slice(0, gate.policy.approvals)
      .map((person): [string, Person, string] => [
        `${gate.id}/${person.name}`,
        person,
        `${gate.for.kind === 'request' ? 'approve' : 'go'} ${state.run}`,
      ]),
  );
  const [operator] = config.people;
  const tasks = Object.entries(state.tasks).flatMap(([id, task]): [string, Person, string][] =>
    operator === undefined ||
    task.asked === undefined ||
    task.end !== undefined ||
    task.confirmed !== undefined
      ? []
      : [[`done/${id}`, operator, `done ${id} --run ${state.run}`]],
  );
  return [...votes, ...tasks];
}
