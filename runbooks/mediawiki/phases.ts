import { parseInstant } from '../../src/domain/instant.js';
import type { ApprovalPolicy } from '../../src/runbook/approval-policy.js';
import type { Mode } from '../../src/runbook/mode.js';
import type { Phase } from '../../src/runbook/runbook.js';
import type { ManualTask, PhaseId, Task } from '../../src/runbook/task.js';
import { agreeToWarmUp } from './00-agree-to-warm-up.js';
import { beginStatusPageMaintenance } from './00-begin-status-page-maintenance.js';
import { checkJobRunners } from './00-check-job-runners.js';
import { disablePuppet } from './00-disable-puppet.js';
import { downtimeReadOnlyChecks } from './00-downtime-read-only-checks.js';
import { lockDeployments } from './00-lock-deployments.js';
import { lookAtAppServerWeights } from './00-look-at-app-server-weights.js';
import { lookAtDatabaseMaintenance } from './00-look-at-database-maintenance.js';
import { reduceTtl } from './00-reduce-ttl.js';
import { waitForOldTtl } from './00-wait-for-old-ttl.js';
import { warmUpCaches } from './00-warm-up-caches.js';
import { killMaintenanceScripts } from './01-kill-maintenance-scripts.js';
import { stopPeriodicJobs } from './01-stop-periodic-jobs.js';
import { drainEdits } from './02-drain-edits.js';
import { setReadOnly } from './02-set-read-only.js';
import { checkToDatabasesReadOnly } from './03-check-to-databases-read-only.js';
import { setDbReadOnly } from './03-set-db-read-only.js';
import { waitUntilInSync } from './03-wait-until-in-sync.js';
import { depoolFrom } from './04-depool-from.js';
import { poolTo } from './04-pool-to.js';
import { setPrimary } from './04-set-primary.js';
import { setDbReadWrite } from './06-set-db-read-write.js';
import { setReadWrite } from './07-set-read-write.js';
import { enablePuppet } from './08-enable-puppet.js';
import { endStatusPageMaintenance } from './08-end-status-page-maintenance.js';
import { restartJobRunners } from './08-restart-job-runners.js';
import { runPuppet } from './08-run-puppet.js';
import { wipeRecursorCaches } from './08-wipe-recursor-caches.js';
import { removeBanner } from './09-remove-banner.js';
import { removeDowntimes } from './09-remove-downtimes.js';
import { removeStaleConfdErrors } from './09-remove-stale-confd-errors.js';
import { reorderDebugJson } from './09-reorder-debug-json.js';
import { restoreTtl } from './09-restore-ttl.js';
import { runPuppetOnPrimaries } from './09-run-puppet-on-primaries.js';
import { unlockDeployments } from './09-unlock-deployments.js';
import { updateDatabaseDns } from './09-update-database-dns.js';
import { updateGeoMapsDefault } from './09-update-geo-maps-default.js';
import { updateMaintenanceHostDns } from './09-update-maintenance-host-dns.js';
import { checkEditing } from './10-check-editing.js';
import { checkRecentChanges } from './10-check-recent-changes.js';
import { watchMailQueue } from './10-watch-mail-queue.js';
import type { Setting } from './setting.js';

type MakeTask = (setting: Setting) => Task | ManualTask;

interface Part {
  readonly id: PhaseId;
  readonly title: string;
  readonly tasks: readonly MakeTask[];
}

/** The runbook itself: what is done, in order. Inside a phase tasks run side by side unless one names another. */
const parts: readonly Part[] = [
  {
    id: '0',
    title: 'Preparation',
    tasks: [
      beginStatusPageMaintenance,
      lockDeployments,
      disablePuppet,
      lookAtAppServerWeights,
      lookAtDatabaseMaintenance,
      checkJobRunners,
      reduceTtl,
      waitForOldTtl,
      agreeToWarmUp,
      warmUpCaches,
      downtimeReadOnlyChecks,
    ],
  },
  { id: '1', title: 'Stop maintenance', tasks: [stopPeriodicJobs, killMaintenanceScripts] },
  { id: '2', title: 'Read-only', tasks: [setReadOnly, drainEdits] },
  {
    id: '3',
    title: 'Lock the database primaries',
    tasks: [checkToDatabasesReadOnly, setDbReadOnly, waitUntilInSync],
  },
  { id: '4', title: 'Switch the configuration', tasks: [poolTo, setPrimary, depoolFrom] },
  // Once inverted the replication of sessions between Redis servers. The number is kept: people know the phases by it.
  { id: '5', title: 'Nothing (deprecated: Redis replication of sessions)', tasks: [] },
  { id: '6', title: 'Databases read-write', tasks: [setDbReadWrite] },
  { id: '7', title: 'Read-write', tasks: [setReadWrite] },
  {
    id: '8',
    title: 'Restore',
    tasks: [wipeRecursorCaches, restartJobRunners, enablePuppet, runPuppet, endStatusPageMaintenance],
  },
  {
    id: '9',
    title: 'After read-only',
    tasks: [
      restoreTtl,
      removeStaleConfdErrors,
      updateDatabaseDns,
      runPuppetOnPrimaries,
      removeDowntimes,
      removeBanner,
      unlockDeployments,
      reorderDebugJson,
      updateGeoMapsDefault,
      updateMaintenanceHostDns,
    ],
  },
  { id: '10', title: 'Verification', tasks: [checkEditing, checkRecentChanges, watchMailQueue] },
];

/** The phases of the read-only window: they follow each other without a pause. */
export const isUrgent = (phase: PhaseId): boolean => Number(phase) >= 2 && Number(phase) <= 7;

/** The phase that the announced time is about. */
const ANNOUNCED: PhaseId = '2';

/** All phases, or those with the chosen tasks. Pure. */
export function mediawikiPhases(
  setting: Setting,
  mode: Mode,
  gates: Readonly<Record<PhaseId, ApprovalPolicy>>,
): Phase[] {
  const { only, notBefore } = setting.params;
  // A rehearsal is made weeks before the event that it belongs to, and does not wait for it.
  const start = notBefore === undefined || mode === 'live-test' ? undefined : parseInstant(notBefore);
  const phases = parts.map(({ id, title, tasks }): Phase => {
    const gate = gates[id];
    return {
      id,
      title,
      ...(gate === undefined ? {} : { gate }),
      ...(start === undefined || id !== ANNOUNCED ? {} : { notBefore: start }),
      urgent: isUrgent(id),
      tasks: tasks.map((make) => make(setting)),
    };
  });
  if (only === undefined) return phases;
  return phases
    .map((phase) => ({ ...phase, tasks: phase.tasks.filter(({ id }) => only.includes(id)) }))
    .filter(({ tasks }) => tasks.length > 0);
}
