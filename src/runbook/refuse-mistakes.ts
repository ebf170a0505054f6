import type { RoleName } from '../domain/names.js';
import { closest } from '../domain/suggest.js';
import type { Phase, Runbook } from './runbook.js';
import { type Explanation, type ManualTask, type PhaseId, type Task, type TaskId, isManual } from './task.js';

/** What a runbook consists of, as far as a mistake can be made in it. */
export interface RunbookShape extends Pick<Runbook<never>, 'window' | 'pointOfNoReturn'> {
  readonly phases: readonly Phase[];
  /** The roles that people can have; left out where that is not known. */
  readonly roles?: readonly RoleName[];
}

/**
 * The mistakes of a runbook, each with what would be right: asked at start-up, so that nobody meets one in the middle
 * of a switchover. Does not trust the types: a task may have been made by something that did not. Pure.
 */
export function refuseMistakes(shape: RunbookShape): string[] {
  const { phases, roles } = shape;
  const ids = phases.flatMap(({ tasks }) => tasks.map(({ id }) => id));
  const phaseIds = phases.map(({ id }) => id);
  return [
    ...twice(phaseIds).map((id) => `phase ${id} is there twice`),
    ...twice(ids).map((id) => `task ${id} is there twice`),
    ...namedTasks(shape).flatMap(([what, id]) =>
      ids.includes(id) ? [] : [`${what} names ${noSuch(id, 'task', ids)}`],
    ),
    ...phases.flatMap((phase) => phase.tasks.flatMap((task) => taskMistakes(task, phase, phaseIds, roles))),
    ...phases.flatMap((phase) => orderMistakes(phase)),
  ];
}

function namedTasks({ window, pointOfNoReturn }: RunbookShape): [string, TaskId][] {
  const named: [string, TaskId][] = [];
  if (window !== undefined)
    named.push(['the read-only window opens', window.opens], ['the read-only window closes', window.closes]);
  if (pointOfNoReturn !== undefined) named.push(['the point of no return', pointOfNoReturn.task]);
  return named;
}

function taskMistakes(
  task: Task | ManualTask,
  phase: Phase,
  phaseIds: readonly PhaseId[],
  roles: readonly RoleName[] | undefined,
): string[] {
  const { id } = task;
  const prefix = `${phase.id.padStart(2, '0')}-`;
  const mistakes = emptyWords(task.explain as Partial<Explanation> | undefined).map(
    (word) => `${id}: explain.${word} is empty`,
  );
  if (!id.startsWith(prefix))
    mistakes.push(`${id} is in phase ${phase.id}: it should be ${prefix}${id.replace(/^\d+-/, '')}`);
  // Whoever did not go through the types may have left these out.
  const raw = task as Partial<Task> & Partial<ManualTask>;
  if (!isAnswer(raw.inLiveTest))
    mistakes.push(`${id} has no live-test answer: inLiveTest is 'same', 'skip' or a step of its own`);
  if (raw.inEmergency !== 'same' && raw.inEmergency !== 'skip')
    mistakes.push(`${id} has no emergency answer: inEmergency is 'same' or 'skip'`);
  if (raw.rollback === undefined)
    mistakes.push(`${id} has no rollback: a step, needless or impossible, with the reason`);
  if (isManual(task)) {
    if (task.salText.trim() === '') mistakes.push(`${id}: salText is empty`);
    if (roles !== undefined && !roles.includes(task.assignedTo))
      mistakes.push(`${id} is assigned to ${noSuch(task.assignedTo, 'role', roles)}`);
    return mistakes;
  }
  for (const step of ['check', 'apply', 'verify'] as const)
    if (typeof raw[step] !== 'function') mistakes.push(`${id} has no ${step}`);
  if (typeof task.inLiveTest === 'object')
    mistakes.push(
      ...emptyWords(task.inLiveTest.explain).map(
        (word) => `${id}: explain.${word} is empty in its live-test answer`,
      ),
    );
  return [...mistakes, ...proofMistakes(task, phase, phaseIds)];
}

function proofMistakes({ id, provenBy }: Task, phase: Phase, phaseIds: readonly PhaseId[]): string[] {
  if (provenBy === undefined) return [];
  if (!phaseIds.includes(provenBy)) return [`${id} is proven by ${noSuch(provenBy, 'phase', phaseIds)}`];
  if (phaseIds.indexOf(provenBy) < phaseIds.indexOf(phase.id))
    return [`${id} is proven by phase ${provenBy}, which is before its own, ${phase.id}`];
  return [];
}

function orderMistakes({ id: phase, tasks }: Phase): string[] {
  const ids = tasks.map(({ id }) => id);
  const unknown = tasks.flatMap(({ id, after }) =>
    (after ?? [])
      .filter(({ task }) => !ids.includes(task))
      .map(({ task }) => `${id} comes after ${noSuch(task, `task in phase ${phase}`, ids)}`),
  );
  const before = new Map(tasks.map(({ id, after }) => [id, (after ?? []).map(({ task }) => task)]));
  const circle = ids.find((id) => reaches(before, id, id));
  return circle === undefined
    ? unknown
    : [...unknown, `${circle} waits for itself: its "after" goes round in a circle`];
}

function reaches(
  before: ReadonlyMap<TaskId, readonly TaskId[]>,
  from: TaskId,
  wanted: TaskId,
  seen = new Set<TaskId>(),
): boolean {
  return (before.get(from) ?? []).some((next) => {
    if (next === wanted) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return reaches(before, next, wanted, seen);
  });
}

function isAnswer(answer: Task['inLiveTest'] | undefined): boolean {
  if (typeof answer !== 'object') return answer === 'same' || answer === 'skip';
  const step = answer as Partial<typeof answer>;
  return typeof step.verify === 'function' && step.rollback !== undefined;
}

const WORDS = ['does', 'checkByHand', 'wentWrongBefore'] as const;

const emptyWords = (explain: Partial<Explanation> | undefined): string[] =>
  WORDS.filter((word) => (explain?.[word] ?? '').trim() === '');

const twice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
];

function noSuch(name: string, what: string, names: readonly string[]): string {
  const meant = closest(name, names);
  return `${name}, but there is no such ${what}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}
