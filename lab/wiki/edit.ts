import type { WikiAnswer } from './wiki-session.js';

/** One attempt to save, as its editor saw it. Times are milliseconds since the epoch. */
export interface Edit {
  /** In the text and in the summary. */
  readonly marker: string;
  readonly datacenter: string;
  readonly server: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly outcome: EditOutcome;
}

export interface Acknowledged {
  readonly kind: 'acknowledged';
  readonly revision: number;
}

export type EditOutcome =
  | Acknowledged
  /** The wiki's own notice that it is read-only. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** What no editor should see; `database` where it speaks of one. It may have been saved all the same. */
  | { readonly kind: 'error'; readonly from: 'database' | 'wiki' | 'connection'; readonly what: string };

export const isAcknowledged = (edit: Edit): edit is Edit & { readonly outcome: Acknowledged } =>
  edit.outcome.kind === 'acknowledged';

/** What became of an edit, by the answer to it. Pure. */
export function outcomeOf(answer: WikiAnswer): EditOutcome {
  if (answer.kind === 'none') return { kind: 'error', from: 'connection', what: answer.because };
  if (answer.kind === 'http') {
    const from = /database/i.test(answer.text) ? 'database' : 'wiki';
    return { kind: 'error', from, what: `HTTP ${answer.status}` };
  }
  const { edit, error } = answer.body;
  if (edit?.result === 'Success' && edit.newrevid !== undefined)
    return { kind: 'acknowledged', revision: edit.newrevid };
  if (error?.code === 'readonly') return { kind: 'refused', reason: error.readonlyreason ?? '' };
  const from = error?.code.startsWith('internal_api_error_DB') === true ? 'database' : 'wiki';
  return {
    kind: 'error',
    from,
    what: `${error?.code ?? 'no error'}: ${error?.info ?? JSON.stringify(edit)}`,
  };
}
