import type { HostCommand } from '../../src/hosts/hosts.js';
import type { HostOperation, OperationName, Operations } from '../../src/hosts/operation.js';

/** The hosts an operation is for, the fact that it changes and what that is afterwards, as the small world knows them. */
const wanted: Readonly<Record<OperationName, readonly [on: string, fact: string, wanted: string]>> = {
  'lock-deployments': ['deploy', 'deployments', 'locked'],
  'unlock-deployments': ['deploy', 'deployments', 'unlocked'],
  'disable-puppet': ['maint.{dc}', 'puppet', 'disabled'],
  'enable-puppet': ['maint.{dc}', 'puppet', 'enabled'],
  'run-puppet': ['maint.{dc}', 'puppet-run', 'fresh'],
  'stop-periodic-jobs': ['maint.{dc}', 'jobs', 'stopped'],
  'kill-maintenance-scripts': ['maint.{dc}', 'scripts', 'none'],
  'start-periodic-jobs': ['maint.{dc}', 'jobs', 'running'],
  'warm-up-caches': ['maint.{dc}', 'warmth', 'warm'],
  'wipe-discovery-caches': ['recursor.*', 'recursor-cache', 'current'],
  'restart-job-runners': ['jobrunner.{dc}', 'connections', 'none'],
  'remove-stale-confd-errors': ['dns.*', 'confd', 'none'],
  'run-puppet-on-primaries': ['db.{dc}', 'puppet-run', 'fresh'],
};

function operation(name: OperationName): HostOperation {
  const [on, fact, value] = wanted[name];
  const command = { name, okCodes: [0], timeout: 60_000, successThreshold: 1 };
  const run: HostCommand = { ...command, argv: ['set', fact, value, '{reason}'], effect: 'writes' };
  const probe: HostCommand = { ...command, argv: ['get', fact], effect: 'reads', fact };
  return { name, on, run, probe, wanted: value };
}

export const smallOperations = Object.fromEntries(
  (Object.keys(wanted) as OperationName[]).map((name) => [name, operation(name)]),
) as Operations;
