import { formatLength } from '../domain/instant.js';
import { assertNever } from '../domain/assert-never.js';
import type { HostName, HostOutcome, HostResult } from './hosts.js';
import { sortNames } from './sort-names.js';

interface SplitName {
  readonly prefix: string;
  readonly digits: string;
  readonly suffix: string;
}

/** Names folded back to ranges: `db[1001-1003,1010].eqiad.wmnet`. Expanding them gives the same names. Pure. */
export function foldNames(names: Iterable<HostName>): string[] {
  const split = sortNames(names).map(splitName);
  const groups = new Map<string, { first: SplitName; numbers: string[] }>();
  const paddedWidths = new Set(split.filter(isPadded).map((name) => groupOf(name, name.digits.length)));
  for (const name of split) {
    // mw09 and mw10 are one range of padded numbers, db9 and db10 one of plain numbers.
    const padded = groupOf(name, name.digits.length);
    const key = paddedWidths.has(padded) ? padded : groupOf(name, name.digits === '' ? -1 : 0);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: name, numbers: [name.digits] });
    else group.numbers.push(name.digits);
  }
  return [...groups.values()].map(({ first: { prefix, suffix }, numbers }) =>
    numbers.length === 1 ? `${prefix}${numbers[0] ?? ''}${suffix}` : `${prefix}[${ranges(numbers)}]${suffix}`,
  );
}

function groupOf({ prefix, suffix }: SplitName, width: number): string {
  return JSON.stringify([prefix, width, suffix]);
}

/** As expanding takes it: a leading zero means that all numbers of the range are as long. */
function isPadded({ digits }: SplitName): boolean {
  return digits.length > 1 && digits.startsWith('0');
}

/** The last number of the host's own label; everything after the first dot is left alone. */
function splitName(name: HostName): SplitName {
  const match = /^([^.]*?)(\d{1,9})([^\d.]*(?:\..*)?)$/.exec(name);
  return match === null
    ? { prefix: name, digits: '', suffix: '' }
    : { prefix: match[1] ?? '', digits: match[2] ?? '', suffix: match[3] ?? '' };
}

/** Numbers in order, padded alike → `1001-1003,1010`. */
function ranges(numbers: readonly string[]): string {
  const found: { from: string; to: string }[] = [];
  for (const digits of numbers) {
    const last = found.at(-1);
    if (last !== undefined && Number(last.to) + 1 === Number(digits)) last.to = digits;
    else found.push({ from: digits, to: digits });
  }
  return found.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(',');
}

/** How one host fared, for people; equal texts are the same thing. Pure. */
export function outcomeText(outcome: HostOutcome): string {
  switch (outcome.kind) {
    case 'exited': {
      const output = outcome.output.trim();
      if (outcome.ok) return output === '' ? 'done' : output;
      return output === '' ? `exit code ${outcome.code}` : `exit code ${outcome.code}: ${output}`;
    }
    case 'unreachable':
      return `unreachable: ${outcome.because}`;
    case 'timed-out':
      return `no answer within ${formatLength(outcome.after)}`;
    case 'unknown':
      return `not known: ${outcome.because}`;
    case 'not-attempted':
      return `not attempted: ${outcome.because}`;
    default:
      return assertNever(outcome, 'outcome');
  }
}

/** Results by identical text, most hosts first: `(3) db[1001-1003].eqiad.wmnet: …`. Pure. */
export function gatherResults(results: readonly HostResult[]): string[] {
  const groups = new Map<string, HostName[]>();
  for (const { host, outcome } of results) {
    const text = outcomeText(outcome);
    groups.set(text, [...(groups.get(text) ?? []), host]);
  }
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([text, hosts]) => `(${hosts.length}) ${foldNames(hosts).join(' ')}: ${text}`);
}
