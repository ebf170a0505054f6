/**
 * The MediaWiki switchover: the primary role, and with it all writing, moves from one core datacenter to the other.
 * One file for each task, named as the field names it; phases.ts has them in order; steps/ holds what several share.
 *
 * Invariants, whatever fails: nothing is writable in both datacenters, no record is pooled nowhere, and read-only
 * begins and ends observed on every app server. A rehearsal (live test) runs from the passive datacenter to the primary
 * and declares nothing that would change the primary. What it does not do: wait, repeat, journal, ask for approvals
 * (the runner does), or ask in which mode it runs (each task declares its live-test answer).
 */
import { ImpossibleState } from '../../src/domain/errors.js';
import type { Installation } from '../../src/domain/installation.js';
import type { Instant } from '../../src/domain/instant.js';
import type { Json } from '../../src/domain/json.js';
import type { Operations } from '../../src/hosts/operation.js';
import type { ApprovalPolicy } from '../../src/runbook/approval-policy.js';
import type { ParamsResult, Runbook } from '../../src/runbook/runbook.js';
import type { PhaseId } from '../../src/runbook/task.js';
import { ONLY_FORWARD } from './07-set-read-write.js';
import { completeParams } from './complete-params.js';
import { type MediaWikiParams, type ParamsContext, parseParams } from './params.js';
import { mediawikiPhases } from './phases.js';
import { refuseInMode } from './refuse-in-mode.js';
import type { Setting } from './setting.js';

export interface MediaWikiRunbookParts {
  readonly installation: Installation;
  readonly operations: Operations;
  /** The GO/NOGO before a phase's first task: normally before 1 (after the preparation) and 2 (before read-only). */
  readonly gates: Readonly<Record<PhaseId, ApprovalPolicy>>;
  /** When read-only begins at a calendar event, `2026-northward`; undefined for one that does not exist. */
  readonly notBeforeOf: (event: string) => Instant | undefined;
}

export function mediawikiRunbook(parts: MediaWikiRunbookParts): Runbook<MediaWikiParams> {
  const { installation, operations, gates } = parts;
  const settingOf = (params: MediaWikiParams): Setting => ({ installation, operations, params });
  const { northern, southern } = installation.datacenters;
  const example = settingOf({
    from: northern,
    to: southern,
    roReason: 'x',
    order: 'strict',
    emergency: false,
  });
  const taskIds = mediawikiPhases(example, 'live', gates).flatMap(({ tasks }) => tasks.map(({ id }) => id));
  const context: ParamsContext = { installation, taskIds, notBeforeOf: parts.notBeforeOf };
  const parse = (raw: Json): ParamsResult<MediaWikiParams> => parseParams(raw, context);
  return {
    name: 'mediawiki',
    version: '1',
    window: {
      opens: '02-set-read-only',
      closes: '07-set-read-write',
      budget: installation.wiki.readOnlyBudget,
    },
    pointOfNoReturn: { task: '07-set-read-write', because: ONLY_FORWARD },
    locks: () => ['mediawiki', 'discovery', ...installation.sections.map((section) => `database/${section}`)],
    parse,
    async complete(raw, mode, see) {
      const completed = await completeParams(raw, mode, see, installation, parse);
      const refusal = completed.ok ? refuseInMode(completed.params, mode) : undefined;
      return refusal === undefined ? completed : { ok: false, ...refusal };
    },
    urgency: ({ emergency }) => (emergency ? 'emergency' : 'planned'),
    describe: ({ from, to }) => `for datacenter switchover from ${from} to ${to}`,
    phases(params, mode) {
      const refusal = refuseInMode(params, mode);
      if (refusal !== undefined)
        throw new ImpossibleState(`a run was planned that ought to be refused: ${refusal.problem}`);
      return mediawikiPhases(settingOf(params), mode, gates);
    },
  };
}
