import type { Patience, PhaseId } from '../../../src/runbook/task.js';
import type { Setting } from '../setting.js';
import { calm } from './patience.js';

/**
 * When the tasks of phase 4 have to be proven. In merged order the wait is shared with that of phase 7: the wiki reads
 * its whole configuration at once, so a server that has seen ReadOnly end has seen the new primary too, and the old
 * databases are read-only in any case. It saves one whole lifetime of configuration caches. Pure.
 */
export function provenInPhase({ params }: Setting): { readonly provenBy?: PhaseId } {
  switch (params.order) {
    case 'strict':
      return {};
    case 'merged':
      return { provenBy: '7' };
  }
}

/**
 * How often it is looked for. In merged order nothing of the read-only window waits for it, and looking must not take
 * the app servers' time from the proof that editing is possible again. Pure.
 */
export function lookedForBeside({ params }: Setting, urgently: Patience): Patience {
  switch (params.order) {
    case 'strict':
      return urgently;
    case 'merged':
      return calm(urgently.upTo);
  }
}
