import { formatLength } from '../domain/instant.js';
import { assertNever } from '../domain/assert-never.js';
import type { HostName, HostOutcome, HostResult } from './hosts.js';
import { sortNames } from './sort-names.js';

/** Names folded back to ranges: `db[1001-1003,1010].eqiad.wmnet`. Expanding them gives the same names. Pure. */
export function foldNames(names: Iterable<HostName>): string[] {
  const groups = new Map<string, { prefix: string; suffix: string; numbers: string[] }>();
  for (const name of sortNames(names)) {
    const { prefix, digits, suffix } = split(name);
    const key = JSON.stringify([prefix, digits.length, suffix]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { prefix, suffix, numbers: [digits] });
    else group.numbers.push(digits);
  }
  return [...groups.values()].map(({ prefix, suffix, numbers }) =>
    numbers.length === 1 ? `${prefix}${numbers[0] ?? ''}${suffix}` : `${prefix}[${ranges(numbers)}]${suffix}`,
  );
}

/** The last number of the host's own label; everything after the first dot is left alone. */
function split(name: HostName): { prefix: string; digits: string; suffix: string } {
  const match = /^([^.]*?)(\d{1,9})([^\d.]*(?:\..*)?)$/.exec(name);
  return match === null
    ? { prefix: name, digits: '', suffix: '' }
    : { prefix: match[1] ?? '', digits: match[2] ?? '', suffix: match[3] ?? '' };
}

/** Numbers of one width, in order → `1001-1003,1010`. */
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
