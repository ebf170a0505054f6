import type { Millis } from '../domain/instant.js';
import { addCommit, countAll } from './commit-runs.js';
import { type AttemptOrder, type EditRoute, attemptOrder, routesOf } from './edit-route.js';
import { isDown } from './faults-in-force.js';
import { rememberSaved } from './recent-edits.js';
import type { Side, WorldShape } from './world-shape.js';
import type { OpenEdit, WorldState } from './world-state.js';

const LONGEST_EDIT: Millis = 1_300;

/** From the first statement of an edit's transaction until its commit. */
function editDuration(section: number): Millis {
  return 180 + ((section * 97) % (LONGEST_EDIT - 180));
}

/** Nothing else changes between `state.at` and `until`: editors write on, attempts in (at, until]. Changes the state. */
export function passEdits(shape: WorldShape, state: WorldState, until: number): void {
  const order = attemptOrder(shape);
  if (order.period === 0) return;
  commitDue(shape, state, order, until);
  let attempt = Math.floor(state.at / shape.editEvery) + 1;
  const last = Math.floor(until / shape.editEvery);
  if (attempt > last) return;
  const pass: Pass = { shape, state, order, routes: routesOf(shape, state, order), until };
  if (last - attempt > 2 * order.period) {
    // The last of them may still be open at the end; all before are the same, round after round.
    const settled = Math.floor((until - LONGEST_EDIT) / shape.editEvery);
    passRounds(pass, attempt, settled);
    attempt = settled + 1;
  }
  for (; attempt <= last; attempt += 1) passOne(pass, attempt);
}

interface Pass {
  readonly shape: WorldShape;
  readonly state: WorldState;
  readonly order: AttemptOrder;
  readonly routes: readonly EditRoute[];
  readonly until: number;
}

/** Commits the open edits whose time has come. */
function commitDue(shape: WorldShape, state: WorldState, order: AttemptOrder, until: number): void {
  if (state.openEdits.length === 0) return;
  const due = (edit: OpenEdit): boolean => committedAt(shape, order, edit.attempt) <= until;
  const open = state.openEdits.filter((edit) => !due(edit));
  if (open.length === state.openEdits.length) return;
  for (const edit of state.openEdits) {
    if (due(edit)) commit(shape, state, order, edit);
  }
  state.openEdits = open;
}

function committedAt(shape: WorldShape, order: AttemptOrder, attempt: number): number {
  return attempt * shape.editEvery + editDuration(attempt % order.sections);
}

function routeOfAttempt({ order, routes }: Pass, attempt: number): EditRoute | undefined {
  return routes[Math.floor(attempt / order.sections) % routes.length];
}

function passOne(pass: Pass, attempt: number): void {
  const { shape, state, order } = pass;
  const route = routeOfAttempt(pass, attempt);
  if (route === undefined || !begin(pass, route, attempt % order.sections, 1)) return;
  const app = route.app as NonNullable<EditRoute['app']>;
  const edit = { attempt, appSide: app.side, primary: app.primary };
  if (committedAt(shape, order, attempt) <= pass.until) commit(shape, state, order, edit);
  else state.openEdits.push(edit);
}

/** Counts attempts of one kind; true when they got as far as an open transaction. */
function begin({ shape, state }: Pass, route: EditRoute, section: number, count: number): boolean {
  const counts = state.edits[route.app?.side ?? route.home];
  counts.attempted += count;
  if (route.app === undefined) counts.unreachable += count;
  else if (route.app.readOnly) counts.refused += count;
  else if (!writable(shape, state, section, route.app.primary)) counts.databaseErrors += count;
  else return true;
  return false;
}

export function writable(shape: WorldShape, state: WorldState, section: number, side: Side): boolean {
  return (
    state.sections[section]?.access[side] === 'read-write' && !isDown(shape, state.faults, section, side)
  );
}

function commit(shape: WorldShape, state: WorldState, order: AttemptOrder, edit: OpenEdit): void {
  const section = edit.attempt % order.sections;
  if (!writable(shape, state, section, edit.primary)) {
    state.edits[edit.appSide].databaseErrors += 1;
    return;
  }
  const at = committedAt(shape, order, edit.attempt);
  state.edits[edit.appSide].saved += 1;
  const pending = state.sections[section]?.written[edit.primary].pending;
  if (pending) addCommit(pending, at);
  rememberSaved(state, at);
  countOverlap(shape, state, section, edit.primary, 1);
}

/**
 * While both primaries of a section can be written, an edit on either side overwrites one of the other: each pair of
 * them is one lost edit.
 */
function countOverlap(
  shape: WorldShape,
  state: WorldState,
  section: number,
  side: Side,
  count: number,
): void {
  const found = state.sections[section];
  if (found === undefined || !writable(shape, state, section, side === 0 ? 1 : 0)) return;
  const before = Math.min(...found.overlap);
  found.overlap[side] += count;
  if (writable(shape, state, section, side)) state.lostEdits += Math.min(...found.overlap) - before;
}

/** Attempts `from` … `to`, all of which begin and end while nothing changes: counted, not played. */
function passRounds(pass: Pass, from: number, to: number): void {
  const { shape, state, order, routes } = pass;
  for (let section = 0; section < order.sections; section += 1) {
    const saved: [number, number] = [0, 0];
    const runs: { primary: Side; first: number; count: number }[] = [];
    routes.forEach((route, index) => {
      const rest = section + order.sections * index;
      const first = from + ((((rest - from) % order.period) + order.period) % order.period);
      const count = first > to ? 0 : Math.floor((to - first) / order.period) + 1;
      if (count === 0 || !begin(pass, route, section, count) || route.app === undefined) return;
      state.edits[route.app.side].saved += count;
      saved[route.app.primary] += count;
      runs.push({ primary: route.app.primary, first: committedAt(shape, order, first), count });
    });
    for (const primary of [0, 1] as const) {
      if (saved[primary] === 0) continue;
      logRounds(pass, section, primary, runs, routes.length);
      countOverlap(shape, state, section, primary, saved[primary]);
    }
  }
}

/** One run of commits when every editor's request went to the same primary; else one for each route. */
function logRounds(
  { shape, state, order }: Pass,
  section: number,
  primary: Side,
  runs: readonly { primary: Side; first: number; count: number }[],
  routes: number,
): void {
  const log = state.sections[section]?.written[primary];
  if (log === undefined) return;
  const mine = runs.filter((run) => run.primary === primary);
  if (mine.length === routes) {
    const first = Math.min(...mine.map((run) => run.first));
    const count = mine.reduce((sum, run) => sum + run.count, 0);
    log.pending.push({ first, step: order.sections * shape.editEvery, count });
    return;
  }
  for (const { first, count } of mine)
    log.pending.push({ first, step: order.period * shape.editEvery, count });
}

/** Transactions that are open on a primary. Pure. */
export function openOn(shape: WorldShape, state: WorldState, section: number, side: Side): number {
  const { sections } = attemptOrder(shape);
  return state.openEdits.filter((edit) => edit.primary === side && edit.attempt % sections === section)
    .length;
}

/** Begins or ends a period of both being writable, and counts what the wiki goes on without. Changes the state. */
export function followAccess(shape: WorldShape, state: WorldState, section: number, opened: Side): void {
  const found = state.sections[section];
  if (found === undefined) return;
  found.overlap = [0, 0];
  const left: Side = opened === 0 ? 1 : 0;
  if (writable(shape, state, section, left)) return;
  const log = found.written[left];
  const behind = countAll(log.pending);
  state.lostEdits += Math.max(0, behind - log.stranded);
  log.stranded = Math.max(log.stranded, behind);
}
