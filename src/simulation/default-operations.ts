import { MINUTE, type Millis, SECOND } from '../domain/instant.js';
import type { HostCommand } from '../hosts/hosts.js';
import type { HostOperation, OperationName, Operations } from '../hosts/operation.js';
import { DISCOVERY_ZONE } from './discovery-zone.js';

/** What an operation's command and its probe have of their own; the rest is the same for all. */
interface Draft {
  readonly on: string;
  readonly run: readonly string[];
  readonly timeout?: Millis;
  readonly okCodes?: readonly number[];
  readonly batch?: HostCommand['batch'];
  readonly successThreshold?: number;
  readonly probe: readonly string[];
  readonly probeOkCodes?: readonly number[];
  readonly fact: string;
  readonly wanted: string;
}

const maintenance = 'A:mw-maintenance and A:{dc}';

const drafts: Readonly<Record<OperationName, Draft>> = {
  'lock-deployments': {
    on: 'A:deployment',
    run: ['scap', 'lock', '--all', '{reason}'],
    probe: ['deploy-lock-status'],
    fact: 'deployments',
    wanted: 'locked',
  },
  'unlock-deployments': {
    on: 'A:deployment',
    run: ['scap', 'lock', '--unlock-all', '{reason}'],
    probe: ['deploy-lock-status'],
    fact: 'deployments',
    wanted: 'unlocked',
  },
  'disable-puppet': {
    on: maintenance,
    run: ['disable-puppet', '{reason}'],
    probe: ['puppet-status'],
    fact: 'puppet',
    wanted: 'disabled',
  },
  'enable-puppet': {
    on: maintenance,
    run: ['enable-puppet', '{reason}'],
    probe: ['puppet-status'],
    fact: 'puppet',
    wanted: 'enabled',
  },
  'run-puppet': {
    on: maintenance,
    run: ['run-puppet-agent'],
    timeout: 5 * MINUTE,
    probe: ['puppet-catalog-status'],
    fact: 'puppet-catalog',
    wanted: 'applied',
  },
  'stop-periodic-jobs': {
    on: maintenance,
    run: ['systemctl', 'stop', 'mediawiki-periodic-jobs.target'],
    probe: ['periodic-jobs-status'],
    fact: 'periodic-jobs',
    wanted: 'stopped',
  },
  'kill-maintenance-scripts': {
    on: maintenance,
    run: ['pkill', '--full', 'mwscript'],
    // 1: there was nothing to kill.
    okCodes: [0, 1],
    probe: ['pgrep', '--full', '--count', 'mwscript'],
    probeOkCodes: [0, 1],
    fact: 'maintenance-scripts',
    wanted: '0',
  },
  'start-periodic-jobs': {
    on: maintenance,
    run: ['systemctl', 'start', 'mediawiki-periodic-jobs.target'],
    probe: ['periodic-jobs-status'],
    fact: 'periodic-jobs',
    wanted: 'running',
  },
  'warm-up-caches': {
    on: maintenance,
    run: ['mediawiki-cache-warmup', '{dc}'],
    timeout: 5 * MINUTE,
    probe: ['mediawiki-cache-status', '{dc}'],
    fact: 'caches',
    wanted: 'warm',
  },
  'wipe-discovery-caches': {
    on: 'A:dns-rec',
    run: ['rec_control', 'wipe-cache', `{records}.${DISCOVERY_ZONE}`],
    // Best effort: a cache that is not wiped ends by itself.
    successThreshold: 0,
    probe: ['recursor-cache-status', `{records}.${DISCOVERY_ZONE}`],
    fact: 'recursor-cache',
    wanted: 'current',
  },
  'restart-job-runners': {
    on: 'A:jobrunner and A:{dc}',
    run: ['systemctl', 'restart', 'envoyproxy'],
    timeout: MINUTE,
    batch: { size: 2, pause: 0 },
    probe: ['job-runner-connections'],
    fact: 'connections',
    wanted: 'current',
  },
  'remove-stale-confd-errors': {
    on: 'A:dns-auth',
    run: ['find', '/var/run/confd-template', '-name', '.discovery-*.err', '-delete'],
    // Best effort: nothing depends on it.
    successThreshold: 0,
    probe: ['confd-errors-status'],
    fact: 'confd-errors',
    wanted: 'none',
  },
  'run-puppet-on-primaries': {
    on: 'A:db-primary and A:{dc}',
    run: ['run-puppet-agent'],
    timeout: 5 * MINUTE,
    batch: { size: 5, pause: 0 },
    probe: ['database-role-status'],
    fact: 'database-role',
    wanted: 'current',
  },
};

/** The operations as the simulated hosts understand them. Pure; a new value for each caller. */
export function defaultOperations(): Operations {
  const entries = (Object.entries(drafts) as [OperationName, Draft][]).map(([name, draft]) => [
    name,
    operation(name, draft),
  ]);
  return Object.fromEntries(entries) as Operations;
}

function operation(name: OperationName, draft: Draft): HostOperation {
  return {
    name,
    on: draft.on,
    run: {
      name,
      argv: draft.run,
      effect: 'writes',
      okCodes: draft.okCodes ?? [0],
      timeout: draft.timeout ?? 30 * SECOND,
      successThreshold: draft.successThreshold ?? 1,
      ...(draft.batch === undefined ? {} : { batch: draft.batch }),
    },
    probe: {
      name: `${name}-probe`,
      argv: draft.probe,
      effect: 'reads',
      fact: draft.fact,
      okCodes: draft.probeOkCodes ?? [0],
      timeout: 10 * SECOND,
      successThreshold: 0,
    },
    wanted: draft.wanted,
  };
}
