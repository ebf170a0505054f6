import { role } from '../../src/domain/names.js';
import { parseInstant } from '../../src/domain/instant.js';
import type { ApprovalPolicy } from '../../src/runbook/approval-policy.js';
import type { Mode } from '../../src/runbook/mode.js';
import { type ResolvedTask, resolvePhases } from '../../src/runbook/resolve.js';
import type { Runbook } from '../../src/runbook/runbook.js';
import { type ManualTask, type Task, isManual } from '../../src/runbook/task.js';
import { mediawikiRunbook } from '../../runbooks/mediawiki/index.js';
import type { MediaWikiParams } from '../../runbooks/mediawiki/params.js';
import { north, smallInstallation, south } from './small-world.js';
import { smallOperations } from './small-operations.js';

export const goNoGo: ApprovalPolicy = {
  approvals: 1,
  mayAnswer: [role('approver')],
  needs: [],
  expiresAfter: 1_800_000,
};

export const smallRunbook = (installation = smallInstallation): Runbook<MediaWikiParams> =>
  mediawikiRunbook({
    installation,
    operations: smallOperations,
    gates: { '1': goNoGo, '2': goNoGo },
    notBeforeOf: (event) => (event === '2026-northward' ? parseInstant('2026-03-25T14:00:00Z') : undefined),
  });

/** From south to north, as in March. */
export const northward: MediaWikiParams = {
  from: south,
  to: north,
  task: 'T12345',
  roReason: smallInstallation.wiki.readOnlyReason,
  order: 'strict',
  emergency: false,
};

export const allTasks = (params: Partial<MediaWikiParams> = {}, mode: Mode = 'live'): (Task | ManualTask)[] =>
  smallRunbook()
    .phases({ ...northward, ...params }, mode)
    .flatMap(({ tasks }) => tasks);

export function taskNamed(
  id: string,
  params: Partial<MediaWikiParams> = {},
  installation = smallInstallation,
): Task {
  const found = smallRunbook(installation)
    .phases({ ...northward, ...params }, 'live')
    .flatMap(({ tasks }) => tasks)
    .find((task) => task.id === id);
  if (found === undefined || isManual(found)) throw new Error(`no task ${id}`);
  return found;
}

/** What a task of this mode really does, in the order in which phases and `after` have it. */
export function resolved(mode: Mode, params: Partial<MediaWikiParams> = {}): ResolvedTask[] {
  const runbook = smallRunbook();
  const wanted = { ...northward, ...params };
  return resolvePhases(runbook.phases(wanted, mode), mode, runbook.urgency(wanted)).flatMap(
    ({ tasks }) => tasks,
  );
}

export type Acting = ResolvedTask & { readonly does: 'act' };
export const acts = (task: ResolvedTask): task is Acting => task.does === 'act';

/** Whether a task is taken back although nothing of it was applied. */
export const isOwedOnceReached = ({ rollback }: Acting): boolean =>
  'owedOnce' in rollback && rollback.owedOnce === 'reached';
