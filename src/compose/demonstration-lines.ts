import type { Person } from '../access/person.js';
import { role, type RoleName } from '../domain/names.js';
import { failedTasks } from '../runner/orders.js';
import { openGates, type RunState, waitsForWord } from '../runner/run-state.js';

/** What somebody says in the demonstration; the same key is said once. */
export interface DemonstrationLine {
  readonly key: string;
  readonly by: Person;
  readonly says: string;
}

/**
 * What people have to say now and have not `said`: the votes that a gate needs, the manual tasks that wait. A task that
 * cannot go on is tried again once; then the run is aborted, so that a demonstration ends. Pure.
 */
export function demonstrationLines(
  state: RunState,
  [operator, ...others]: readonly [Person, ...Person[]],
  said: ReadonlySet<string>,
): DemonstrationLine[] {
  if (state.stage === 'ended') return [];
  return [
    ...votes(state, others),
    ...confirmations(state, [operator, ...others]),
    ...wayOut(state, operator, said),
  ].filter(({ key }) => !said.has(key));
}

function votes(state: RunState, people: readonly Person[]): DemonstrationLine[] {
  return openGates(state).flatMap((gate) =>
    people
      .filter(
        (person) =>
          person.name !== gate.asker && person.roles.some((held) => gate.policy.mayAnswer.includes(held)),
      )
      .slice(0, gate.policy.approvals)
      .map((by) => ({
        key: `${gate.id}/${by.name}`,
        by,
        says: `${gate.for.kind === 'request' ? 'approve' : 'go'} ${state.run}`,
      })),
  );
}

function confirmations(state: RunState, people: readonly [Person, ...Person[]]): DemonstrationLine[] {
  return Object.entries(state.tasks).flatMap(([id, task]) =>
    task.asked !== undefined && waitsForWord(state, task)
      ? [
          {
            key: `done/${task.asked.direction}/${id}`,
            by: holderOf(people, task.asked.of),
            says: `done ${id}`,
          },
        ]
      : [],
  );
}

function wayOut(state: RunState, by: Person, said: ReadonlySet<string>): DemonstrationLine[] {
  const abort = (because: string): DemonstrationLine => ({
    key: 'abort',
    by,
    says: `abort ${state.run} --reason ${JSON.stringify(because)}`,
  });
  if (state.hold !== undefined) return [abort(`it is on hold: ${state.hold.because}`)];
  return failedTasks(state).map((id) => {
    const again = { key: `retry/${id}`, by, says: `retry ${state.run} ${id}` };
    return said.has(again.key) ? abort(`${id} cannot go on`) : again;
  });
}

function holderOf(people: readonly [Person, ...Person[]], wanted: RoleName): Person {
  const holder = (held: RoleName): Person | undefined => people.find((person) => person.roles.includes(held));
  return holder(wanted) ?? holder(role('operator')) ?? people[0];
}
