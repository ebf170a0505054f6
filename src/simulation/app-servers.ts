import { faultsInForce } from './faults-in-force.js';
import type { WorldShape } from './world-shape.js';
import type { ConfigView, WorldState } from './world-state.js';

/** When the next app server reads a configuration that differs from its own; Infinity when none does. Pure. */
export function nextConfigChange(shape: WorldShape, state: WorldState): number {
  let next = Infinity;
  shape.appServers.forEach(({ phase }, index) => {
    if (!differs(shape, state, index)) return;
    const sinceLast =
      (((state.at - phase) % shape.configCacheLifetime) + shape.configCacheLifetime) %
      shape.configCacheLifetime;
    next = Math.min(next, state.at + shape.configCacheLifetime - sinceLast);
  });
  return next;
}

/** App servers whose cache is over now read their configuration anew. Changes the state. */
export function refreshAppServers(shape: WorldShape, state: WorldState): void {
  shape.appServers.forEach(({ phase, side }, index) => {
    if ((state.at - phase) % shape.configCacheLifetime !== 0 || !differs(shape, state, index)) return;
    state.appServers[index] = { primary: state.store.primary, readOnly: state.store.readOnly[side] };
  });
}

function differs(shape: WorldShape, state: WorldState, index: number): boolean {
  const server = shape.appServers[index];
  const view: ConfigView | undefined = state.appServers[index];
  if (server === undefined || view === undefined) return false;
  if (view.primary === state.store.primary && view.readOnly === state.store.readOnly[server.side])
    return false;
  return state.faults.length === 0 || !faultsInForce.keepsConfig(state.faults, server.host);
}
