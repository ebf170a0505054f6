import { assertNever } from '../domain/assert-never.js';
import { maintenanceScripts, runPuppet, setPeriodicJobs } from './puppet.js';
import { wipeRecursorCache } from './recursors.js';
import { warmUp } from './warmth.js';
import type { HostEffect } from './world-input.js';
import type { WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';

/** What a command leaves behind on a host, now. A host that has nothing of the kind is left as it is. Changes the state. */
export function applyHostEffect(
  shape: WorldShape,
  state: WorldState,
  host: string,
  effect: HostEffect,
): void {
  const { hosts } = state;
  const maintenance = hosts.maintenance[host];
  switch (effect.do) {
    case 'lock-deployments':
      if (host in hosts.deployLocks) hosts.deployLocks[host] = effect.reason;
      return;
    case 'unlock-deployments':
      if (host in hosts.deployLocks) hosts.deployLocks[host] = null;
      return;
    case 'disable-puppet':
    case 'enable-puppet': {
      const puppet = maintenance ?? hosts.databases[host];
      if (puppet) puppet.disabled = effect.do === 'disable-puppet' ? effect.reason : null;
      return;
    }
    case 'run-puppet':
      runPuppet(shape, state, host);
      return;
    case 'stop-periodic-jobs':
      if (maintenance) setPeriodicJobs(maintenance, false);
      return;
    case 'start-periodic-jobs':
      if (maintenance) setPeriodicJobs(maintenance, true);
      return;
    case 'kill-maintenance-scripts':
      // Where jobs still run they start new ones at once.
      if (maintenance && maintenanceScripts(maintenance) > 0) maintenance.leftScripts = 0;
      return;
    case 'warm-up-caches':
      warmUp(state, effect.side);
      return;
    case 'wipe-recursor-cache':
      wipeRecursorCache(shape, state, host, effect.records);
      return;
    case 'restart-job-runners':
      restartJobRunner(shape, state, host);
      return;
    case 'remove-confd-errors':
      if (host in hosts.confdErrors) hosts.confdErrors[host] = false;
      return;
    default:
      assertNever(effect, 'effect');
  }
}

/** The name is resolved anew: connections are there again only where it leads to. */
function restartJobRunner(shape: WorldShape, state: WorldState, host: string): void {
  const runner = shape.jobRunners.find((candidate) => candidate.host === host);
  if (runner === undefined) return;
  const record = state.dnsServers[0]?.records[shape.readWriteRecords[0] ?? ''];
  state.hosts.jobConnections[host] = record?.[runner.side].pooled ?? false;
}
