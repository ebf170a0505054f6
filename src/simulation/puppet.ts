import { PUPPET_EVERY, type PuppetHostShape, type WorldShape } from './world-shape.js';
import type { MaintenanceState, PuppetState, WorldState } from './world-state.js';

/** How many maintenance scripts run where periodic jobs do. */
const SCRIPTS = 3;

/** When puppet next changes something by itself; Infinity when everything is as it would make it. Pure. */
export function nextPuppetChange(shape: WorldShape, state: WorldState): number {
  let next = Infinity;
  const look = (host: PuppetHostShape, needed: boolean): void => {
    if (needed) next = Math.min(next, nextRun(host, state.at));
  };
  for (const host of shape.maintenanceHosts) {
    const found = state.hosts.maintenance[host.host];
    look(host, found !== undefined && found.disabled === null && !maintenanceApplied(state, host, found));
  }
  for (const host of shape.databaseHosts) {
    const found = state.hosts.databases[host.host];
    look(host, found !== undefined && found.disabled === null && found.appliedFor !== state.store.primary);
  }
  return next;
}

/** The runs that are due now. Changes the state. */
export function runDuePuppets(shape: WorldShape, state: WorldState): void {
  for (const host of [...shape.maintenanceHosts, ...shape.databaseHosts]) {
    if ((state.at - host.phase) % PUPPET_EVERY === 0) runPuppet(shape, state, host.host);
  }
}

/**
 * One puppet run: periodic jobs run in the primary datacenter, and a database host knows its role. Nothing happens where
 * puppet is disabled; then, and on hosts without puppet, it answers false. Changes the state.
 */
export function runPuppet(shape: WorldShape, state: WorldState, host: string): boolean {
  const maintenance = state.hosts.maintenance[host];
  const found: PuppetState | undefined = maintenance ?? state.hosts.databases[host];
  if (found === undefined || found.disabled !== null) return false;
  found.appliedFor = state.store.primary;
  if (maintenance !== undefined) {
    const side = shape.maintenanceHosts.find((candidate) => candidate.host === host)?.side;
    setPeriodicJobs(maintenance, side === state.store.primary);
  }
  return true;
}

/** Scripts that are under way go on when their jobs are stopped. Changes `host`. */
export function setPeriodicJobs(host: MaintenanceState, run: boolean): void {
  if (host.periodicJobs && !run) host.leftScripts = SCRIPTS;
  if (run) host.leftScripts = 0;
  host.periodicJobs = run;
}

export function maintenanceScripts(host: MaintenanceState): number {
  return host.periodicJobs ? SCRIPTS : host.leftScripts;
}

/** Whether a maintenance host is as a puppet run would make it. Pure. */
export function maintenanceApplied(
  state: WorldState,
  host: PuppetHostShape,
  found: MaintenanceState,
): boolean {
  const { primary } = state.store;
  return found.appliedFor === primary && found.periodicJobs === (host.side === primary);
}

function nextRun(host: PuppetHostShape, at: number): number {
  const sinceLast = (((at - host.phase) % PUPPET_EVERY) + PUPPET_EVERY) % PUPPET_EVERY;
  return at + PUPPET_EVERY - sinceLast;
}
