import type { Millis } from '../domain/instant.js';
import { addCommit } from './commit-runs.js';
import { type AttemptOrder, type EditRoute, type ReachedApp, attemptOrder, routesOf } from './edit-route.js';
import { countOverlap } from './lost-edits.js';
import { rememberSaved } from './recent-edits.js';
import type { Side, WorldShape } from './world-shape.js';
import { writable } from './writable.js';
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
  const app = route && begin(pass, route, attempt % order.sections, 1);
  if (app === undefined) return;
  const edit = { attempt, appSide: app.side, primary: app.primary };
  if (committedAt(shape, order, attempt) <= pass.until) commit(shape, state, order, edit);
  else state.openEdits.push(edit);
}

/** Counts attempts of one kind; returns the app server of those that got as far as an open transaction. */
function begin(
  { shape, state }: Pass,
  { app, home }: EditRoute,
  section: number,
  count: number,
): ReachedApp | undefined {
  const counts = state.edits[app?.side ?? home];
  counts.attempted += count;
  if (app === undefined) counts.unreachable += count;
  else if (app.readOnly) counts.refused += count;
  else if (!writable(shape, state, section, app.primary)) counts.databaseErrors += count;
  else return app;
  return undefined;
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
      const app = count === 0 ? undefined : begin(pass, route, section, count);
      if (app === undefined) return;
      state.edits[app.side].saved += count;
      saved[app.primary] += count;
      runs.push({ primary: app.primary, first: committedAt(shape, order, first), count });
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
