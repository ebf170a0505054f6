import { listed } from '../domain/text.js';
import type { DatacenterName } from '../domain/names.js';
import type { Mode } from '../runbook/mode.js';
import type { PhaseId } from '../runbook/task.js';
import { type Act, type ActScope, actsOf } from './act.js';
import { ONE_PHASE_ACTS, type PermitDirection, type PermitRow, SWITCHOVER_ROWS } from './permit-rows.js';
import type { Write } from './write.js';

/**
 * Who asks: a step of a run. The phase is that of the task whose step it is, also where the task is proven later.
 */
export interface PermitSubject extends ActScope {
  /** The runbook's name; only the switchover itself may touch the wiki. */
  readonly runbook: string;
  readonly mode: Mode;
  readonly phase: PhaseId;
  readonly direction: PermitDirection;
  /** The two datacenters of a switchover; other runs have none. */
  readonly from?: DatacenterName;
  readonly to?: DatacenterName;
}

export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

/** The runbook that these rows are about. */
export const SWITCHOVER_RUNBOOK = 'mediawiki';

/**
 * What a run may touch, whatever its tasks ask for: the table "what may be true in the world" turned into rights to
 * write. A write is permitted when every single effect of it is named by a row. Pure; reads nothing of the world, so
 * that no wrong answer from there can widen it.
 */
export function permits(subject: PermitSubject, write: Write): Permission {
  if (subject.mode === 'dry-run') return { allowed: false, because: 'a dry run writes nothing' };
  for (const act of actsOf(write, subject)) {
    if (isPermitted(subject, act)) continue;
    return { allowed: false, because: `"${nameOf(act)}" (${act.about}) ${whenPermitted(subject, act)}` };
  }
  return { allowed: true };
}

function isPermitted(subject: PermitSubject, act: Act): boolean {
  if (subject.runbook !== SWITCHOVER_RUNBOOK) return ONE_PHASE_ACTS[subject.mode].includes(act.kind);
  return SWITCHOVER_ROWS[subject.mode].some(
    ([phase, direction, kind, place]) =>
      phase === subject.phase &&
      direction === subject.direction &&
      kind === act.kind &&
      isIn(act, place, subject),
  );
}

function isIn(act: Act, place: PermitRow[3], { from, to }: PermitSubject): boolean {
  if (place === 'anywhere') return true;
  if (act.datacenter === undefined) return false;
  return (place !== 'to' && act.datacenter === from) || (place !== 'from' && act.datacenter === to);
}

function nameOf(act: Act): string {
  return act.kind === 'unknown' ? 'a change that no rule knows' : act.kind;
}

/** The rest of the sentence, for the person who has to find out why a task asked for it. */
function whenPermitted(subject: PermitSubject, act: Act): string {
  const { runbook, mode, phase, direction } = subject;
  if (runbook !== SWITCHOVER_RUNBOOK) return `is never permitted to ${runbook} (${mode})`;
  const rows = SWITCHOVER_ROWS[mode].filter(([, , kind]) => kind === act.kind);
  if (rows.length === 0) return `is never permitted in a ${mode} run`;
  const when = rows.map(
    (row) => `in phase ${row[0]}${row[1] === 'back' ? ' taken back' : ''}${placeText(row[3], subject)}`,
  );
  return `is not permitted in phase ${phase}${direction === 'back' ? ' taken back' : ''} of a ${mode} run: only ${listed(when)}`;
}

function placeText(place: PermitRow[3], { from, to }: PermitSubject): string {
  switch (place) {
    case 'from':
      return ` for ${from ?? 'the old primary'}`;
    case 'to':
      return ` for ${to ?? 'the new primary'}`;
    case 'either':
    case 'anywhere':
      return '';
  }
}
