import { failedTasks } from '../../src/runner/orders.js';
import { openGates, type RunState, waitsForWord } from '../../src/runner/run-state.js';

export interface Line {
  readonly by: string;
  readonly says: string;
}

/** Who may answer a gate in the embedded configuration, in the order in which they are asked. */
const APPROVERS = ['bob', 'carol', 'dan'];

/** What people who mean well would say now: GO to everything, go on with everything, every manual task done. Pure. */
export function helpfulLines(state: RunState): Line[] {
  if (state.stage === 'ended') return [];
  const { run, operator } = state;
  const line = (by: string, says: string): Line => ({ by, says });
  const resume = state.hold === undefined ? [] : [line(operator, `resume ${run}`)];
  const votes = openGates(state).flatMap((gate) => {
    const word = gate.for.kind === 'request' ? 'approve' : 'go';
    const isAsked = (name: string): boolean =>
      name !== gate.asker && !gate.votes.some((vote) => vote.by.person === name);
    return APPROVERS.filter(isAsked)
      .slice(0, 1)
      .map((name) => line(name, `${word} ${run} --gate ${gate.id}`));
  });
  const retries = failedTasks(state).map((task) => line(operator, `retry ${run} ${task}`));
  const done = Object.entries(state.tasks).flatMap(([task, own]) =>
    waitsForWord(state, own) ? [line(operator, `done ${task} --run ${run}`)] : [],
  );
  return [...resume, ...votes, ...retries, ...done];
}
