import type { Json } from '../domain/json.js';
import type { LockName } from '../state/locks.js';
import type { Mode } from '../runbook/mode.js';
import { type ResolvedPhase, type Usually, resolvePhases } from '../runbook/resolve.js';
import type { ReadOnlyWindow, Runbook } from '../runbook/runbook.js';
import type { TaskId } from '../runbook/task.js';

/** A runbook made concrete for the parameters and the mode of one run: what `decide` decides over. */
export interface PreparedRun {
  readonly runbook: string;
  readonly version: string;
  readonly params: Json;
  readonly mode: Mode;
  readonly description: string;
  readonly phases: readonly ResolvedPhase[];
  readonly window?: ReadOnlyWindow;
  readonly pointOfNoReturn?: { readonly task: TaskId; readonly because: string };
  readonly locks: readonly LockName[];
  /** From earlier runs; only for alarms. */
  readonly usually: Usually;
}

export type Prepared =
  | { readonly ok: true; readonly run: PreparedRun }
  | { readonly ok: false; readonly problem: string; readonly needed: string };

/** Pure. A dry run takes no locks: it writes nothing. */
export function prepareRun(runbook: Runbook, raw: Json, mode: Mode, usually: Usually): Prepared {
  const parsed = runbook.parse(raw);
  if (!parsed.ok) return parsed;
  const { params } = parsed;
  return {
    ok: true,
    run: {
      runbook: runbook.name,
      version: runbook.version,
      params,
      mode,
      description: runbook.describe(params),
      phases: resolvePhases(runbook.phases(params, mode), mode, runbook.urgency(params)),
      ...(runbook.window === undefined ? {} : { window: runbook.window }),
      ...(runbook.pointOfNoReturn === undefined ? {} : { pointOfNoReturn: runbook.pointOfNoReturn }),
      locks: mode === 'dry-run' ? [] : [...runbook.locks(params)].sort(),
      usually,
    },
  };
}
