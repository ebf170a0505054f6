import type { OperationName } from '../hosts/operation.js';
import type { Mode } from '../runbook/mode.js';
import type { PhaseId } from '../runbook/task.js';
import type { ActKind } from './act.js';

/** Where an act is permitted: in one of the two datacenters of a switchover, in either, or on hosts anywhere. */
export type Place = 'from' | 'to' | 'either' | 'anywhere';

/** Forward, or taking back what a phase did. */
export type PermitDirection = 'forward' | 'back';

/** One line of the table: in this phase, going this way, this may be done there. What no line names is refused. */
export type PermitRow = readonly [phase: PhaseId, direction: PermitDirection, act: ActKind, place: Place];

/**
 * The MediaWiki switchover. From the set of rows, and from the phases following each other, it follows that a database
 * of the new primary becomes writable only after those of the old one were locked, and that nobody can edit in between.
 * Backwards there is nothing beyond phase 6: what 07 does cannot be taken back.
 */
const LIVE: readonly PermitRow[] = [
  ['0', 'forward', 'change the TTL of a wiki record', 'either'],
  ['2', 'forward', 'set the wiki read-only', 'either'],
  ['3', 'forward', 'set a database read-only', 'from'],
  ['4', 'forward', 'pool a wiki record', 'to'],
  ['4', 'forward', 'name the primary', 'to'],
  ['4', 'forward', 'depool a wiki record', 'from'],
  ['6', 'forward', 'set a database read-write', 'to'],
  ['7', 'forward', 'set the wiki read-write', 'either'],
  ['9', 'forward', 'change the TTL of a wiki record', 'either'],

  ['6', 'back', 'set a database read-only', 'to'],
  ['4', 'back', 'pool a wiki record', 'from'],
  ['4', 'back', 'name the primary', 'from'],
  ['4', 'back', 'depool a wiki record', 'to'],
  ['3', 'back', 'set a database read-write', 'from'],
  ['2', 'back', 'set the wiki read-write', 'either'],
  ['0', 'back', 'change the TTL of a wiki record', 'either'],

  ...hosts('0', 'forward', 'anywhere', ['lock-deployments', 'disable-puppet']),
  ...hosts('0', 'forward', 'to', ['warm-up-caches']),
  ...hosts('1', 'forward', 'either', ['stop-periodic-jobs', 'kill-maintenance-scripts']),
  ...hosts('8', 'forward', 'from', ['restart-job-runners']),
  ...hosts('1', 'back', 'either', ['start-periodic-jobs']),
  ...hosts('0', 'back', 'to', ['restart-job-runners']),
  ...afterwards(),
];

/**
 * The rehearsal, in which `to` is the primary: nothing of it may become read-only, stop, or lose traffic. The database
 * rows are there for statements that leave things as they must be: `from` read-only, `to` read-write.
 */
const LIVE_TEST: readonly PermitRow[] = [
  ['0', 'forward', 'change the TTL of a wiki record', 'either'],
  ['2', 'forward', 'set the wiki read-only', 'from'],
  ['3', 'forward', 'set a database read-only', 'from'],
  ['6', 'forward', 'set a database read-write', 'to'],
  ['7', 'forward', 'set the wiki read-write', 'from'],
  ['9', 'forward', 'change the TTL of a wiki record', 'either'],

  ['2', 'back', 'set the wiki read-write', 'from'],
  ['0', 'back', 'change the TTL of a wiki record', 'either'],

  ...hosts('0', 'forward', 'anywhere', ['lock-deployments', 'disable-puppet']),
  ...hosts('0', 'forward', 'from', ['warm-up-caches']),
  ...hosts('1', 'forward', 'from', ['stop-periodic-jobs', 'kill-maintenance-scripts']),
  ...hosts('8', 'forward', 'from', ['restart-job-runners']),
  ...hosts('1', 'back', 'from', ['start-periodic-jobs']),
  ...afterwards(),
];

/**
 * Puts hosts back as they were found: harmless in every datacenter, at the end or when a run is taken back. So is wiping
 * a cache: whoever asks the recursor next makes it ask anew.
 */
function afterwards(): readonly PermitRow[] {
  return [
    ...hosts('8', 'forward', 'anywhere', ['wipe-discovery-caches', 'enable-puppet', 'run-puppet']),
    ...hosts('9', 'forward', 'anywhere', [
      'unlock-deployments',
      'remove-stale-confd-errors',
      'run-puppet-on-primaries',
    ]),
    ...hosts('0', 'back', 'anywhere', ['unlock-deployments', 'enable-puppet']),
  ];
}

function hosts(
  phase: PhaseId,
  direction: PermitDirection,
  place: Place,
  operations: readonly OperationName[],
): readonly PermitRow[] {
  return operations.map((operation) => [phase, direction, operation, place] as const);
}

/** A dry run has no rows: it writes nothing. */
export const SWITCHOVER_ROWS: Readonly<Record<Mode, readonly PermitRow[]>> = {
  live: LIVE,
  'live-test': LIVE_TEST,
  'dry-run': [],
};

/** What runs of every other runbook may do, in any phase: never the wiki's own objects, never a database. */
export const ONE_PHASE_ACTS: Readonly<Record<Mode, readonly ActKind[]>> = {
  live: ['change a service record', 'change the pooling of a site'],
  'live-test': [],
  'dry-run': [],
};
