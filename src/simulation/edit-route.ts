import { faultsInForce } from './faults-in-force.js';
import type { Side, WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';

/** The app server that answers, as far as its configuration matters here. */
export interface ReachedApp {
  readonly side: Side;
  /** The datacenter that it believes to be primary: where it writes. */
  readonly primary: Side;
  readonly readOnly: boolean;
}

/** Where an editor's request ends up. */
export interface EditRoute {
  /** Undefined when no app server could be reached. */
  readonly app: ReachedApp | undefined;
  /** The datacenter that the editor is in. */
  readonly home: Side;
}

/**
 * Attempts go round: attempt n is for section n mod sections, then the next app server, then the next group of editors
 * (a read-write record, and the datacenter they are in). So a period of attempts meets every combination once.
 */
export interface AttemptOrder {
  readonly sections: number;
  readonly servers: number;
  readonly groups: number;
  readonly period: number;
}

export function attemptOrder(shape: WorldShape): AttemptOrder {
  const sections = shape.sections.length;
  const servers = Math.max(1, ...shape.appServersBySide.map((side) => side.length));
  const groups = shape.readWriteRecords.length * 2;
  return { sections, servers, groups, period: sections * servers * groups };
}

/** The routes of every group of editors × app server, group by group. Pure. */
export function routesOf(shape: WorldShape, state: WorldState, order: AttemptOrder): EditRoute[] {
  const routes: EditRoute[] = [];
  for (let group = 0; group < order.groups; group += 1) {
    for (let server = 0; server < order.servers; server += 1)
      routes.push(routeOf(shape, state, group, server));
  }
  return routes;
}

function routeOf(shape: WorldShape, state: WorldState, group: number, server: number): EditRoute {
  const home: Side = group % 2 === 0 ? 0 : 1;
  const side = state.recursors[group]?.answer ?? null;
  if (side === null) return { app: undefined, home };
  const indexes = shape.appServersBySide[side];
  // A load balancer goes on to the next server when one does not answer.
  for (let attempt = 0; attempt < indexes.length; attempt += 1) {
    const index = indexes[(server + attempt) % indexes.length] ?? 0;
    const view = state.appServers[index];
    const host = shape.appServers[index]?.host ?? '';
    if (view === undefined || (state.faults.length > 0 && faultsInForce.unreachable(state.faults, host)))
      continue;
    return { app: { side, primary: view.primary, readOnly: view.readOnly !== false }, home };
  }
  return { app: undefined, home };
}
