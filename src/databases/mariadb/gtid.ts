import type { Position } from '../databases.js';

/** Per GTID domain the number of its latest transaction. */
export type Gtids = ReadonlyMap<string, bigint>;

/** Reads `101-101-207,201-201-1`; undefined for anything else. The empty text is a position without a domain. Pure. */
export function parseGtids(text: string): Gtids | undefined {
  const found = new Map<string, bigint>();
  for (const gtid of text === '' ? [] : text.split(',')) {
    const match = /^(\d+)-\d+-(\d+)$/.exec(gtid.trim());
    if (match?.[1] === undefined || match[2] === undefined) return undefined;
    found.set(match[1], BigInt(match[2]));
  }
  return found;
}

/** Whether everything of `wanted` is in `have`. An empty `wanted` would always be: ask only with a Position. Pure. */
export function covers(have: Gtids, wanted: Gtids): boolean {
  return [...wanted].every(([domain, last]) => (have.get(domain) ?? -1n) >= last);
}

/** Which part of a position is of one domain, as it stands there; undefined where nothing is. Pure. */
export function ofDomain(text: string, domain: number): Position | undefined {
  return text
    .split(',')
    .map((gtid) => gtid.trim())
    .find((gtid) => /^\d+-\d+-\d+$/.test(gtid) && gtid.startsWith(`${domain}-`)) as Position | undefined;
}
