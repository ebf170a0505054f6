import { closest } from '../domain/suggest.js';
import { listed } from '../domain/text.js';
import type { TaskId } from '../runbook/task.js';
import { gateTitle } from './gate-words.js';
import type { PreparedRun } from './prepared-run.js';
import { type Result, refused } from './refusal.js';
import { type RunState, openGates, waitsForWord } from './run-state.js';

/** `lock-deployments` is enough where it can mean only one task. */
export function namedTask(run: PreparedRun, typed: string): TaskId | undefined {
  const ids = run.phases.flatMap((phase) => phase.tasks.map((task) => task.id));
  if (ids.includes(typed)) return typed;
  const ending = ids.filter((id) => id.replace(/^\d+-/, '') === typed);
  return ending.length === 1 ? ending[0] : undefined;
}

export function unknownTask(run: PreparedRun, typed: string): Result<never> {
  const ids = run.phases.flatMap((phase) => phase.tasks.map((task) => task.id));
  const meant =
    closest(typed, ids) ??
    closest(
      typed,
      ids.map((id) => id.replace(/^\d+-/, '')),
    );
  return refused(
    `no task is called ${typed.slice(0, 60)}`,
    meant === undefined ? '`plan` lists the tasks' : `did you mean ${meant}?`,
  );
}

export function hasEnded(state: RunState): Result<never> {
  return refused(
    `run ${state.run} has ended (${state.ended?.result ?? ''})`,
    `\`report ${state.run}\` shows it; \`start\` asks for a new one`,
  );
}

export function nothingOpen(state: RunState): string {
  if (state.stage === 'ended') return `\`report ${state.run}\` shows how it ended`;
  const other = openGates(state)[0];
  if (other !== undefined)
    return other.for.kind === 'request'
      ? '`approve` or `deny` answers the request'
      : `\`go\` or \`nogo\` answers ${gateTitle(other)}`;
  return waitingText(state) ?? '`why` tells what the run waits for';
}

export function waitingText(state: RunState): string | undefined {
  const waiting = Object.entries(state.tasks)
    .filter(([, task]) => waitsForWord(state, task))
    .map(([id]) => `\`done ${id}\``);
  return waiting.length === 0 ? undefined : `it waits for ${listed(waiting)}`;
}
