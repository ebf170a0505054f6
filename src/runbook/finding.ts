import type { Instant } from '../domain/instant.js';

/** One thing that was looked at: what was seen, and what would have had to be seen. Never holds a secret. */
export interface Evidence {
  /** What was looked at, named as the field names it: `s4.eqiad access`, `mw-web-rw at ns0 from codfw`. */
  readonly about: string;
  readonly seen: string;
  readonly expected?: string;
  /** Does not stop the run, and is told. */
  readonly warning?: boolean;
}

/**
 * What a check or a verify found. `holds`: it is so, observed on everything it concerns. `not-yet`: look again (not
 * before `until`, where given). `blocked`: a person has to do something. `assumed`: could not be observed because an
 * earlier planned change has not really happened (only in plans and dry runs).
 */
export interface Finding {
  readonly kind: 'holds' | 'not-yet' | 'blocked' | 'assumed';
  readonly evidence: readonly Evidence[];
  readonly until?: Instant;
  /** Of a `not-yet` that holds now and has to hold for a while: since when it has, without a break. */
  readonly heldSince?: Instant;
}

export const holds = (evidence: readonly Evidence[] = []): Finding => ({ kind: 'holds', evidence });
export const notYet = (evidence: readonly Evidence[], until?: Instant): Finding =>
  until === undefined ? { kind: 'not-yet', evidence } : { kind: 'not-yet', evidence, until };
export const notYetLongEnough = (evidence: readonly Evidence[], heldSince: Instant): Finding => ({
  kind: 'not-yet',
  evidence,
  heldSince,
});
export const blocked = (evidence: readonly Evidence[]): Finding => ({ kind: 'blocked', evidence });

/** `s4.eqiad access: read-write, expected read-only`. */
export function evidenceLine(evidence: Evidence): string {
  const expected = evidence.expected === undefined ? '' : `, expected ${evidence.expected}`;
  return `${evidence.about}: ${evidence.seen}${expected}`;
}
