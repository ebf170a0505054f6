import { failedTasks } from '../runner/orders.js';
import type { RunView } from '../runner/runner.js';
import { waitsForWord } from '../runner/run-state.js';
import type { Crowd } from './gate-lines.js';
import { type Message, message, paragraph } from './message.js';

/**
 * What a run waits for its operator for: it is on hold, a task cannot go on, or a task by hand is of a role that the
 * operator has. What others answer, and what ends by itself, is not in it. Pure.
 */
export function operatorWaits({ state }: RunView, crowd: Crowd): readonly string[] {
  if (state.stage === 'ended') return [];
  const isOperators = (role: Parameters<Crowd['holdersOf']>[0]): boolean =>
    crowd.holdersOf(role).some(({ name }) => name === state.operator);
  const byHand = Object.entries(state.tasks).filter(
    ([, task]) => task.asked !== undefined && waitsForWord(state, task) && isOperators(task.asked.of),
  );
  return [
    ...(state.hold === undefined ? [] : [`hold/${state.hold.since}`]),
    ...failedTasks(state).map((id) => `failed/${id}`),
    ...byHand.map(([id]) => `by-hand/${id}`),
  ];
}

/** Whether the run begins, with this entry, to wait for its operator for something. Pure. */
export function beginsToWait(before: RunView | undefined, view: RunView, crowd: Crowd): boolean {
  const known = before === undefined ? [] : operatorWaits(before, crowd);
  return operatorWaits(view, crowd).some((wait) => !known.includes(wait));
}

/** The same lines, the first of them calling the operator. Pure. */
export function callingOperator(messages: readonly Message[], { state }: RunView): Message[] {
  const [first, ...others] = messages;
  if (first === undefined) return [];
  const [block, ...rest] = first.blocks;
  const mention = { mention: state.operator };
  const called =
    block?.kind === 'paragraph'
      ? [paragraph(mention, ': ', ...block.spans), ...rest]
      : [paragraph(mention), ...first.blocks];
  return [message(first.tone, ...called), ...others];
}
