import type { HostName } from './hosts.js';

/** Names without repetition, numbers in them by value: db9 before db10. Pure. */
export function sortNames(names: Iterable<HostName>): HostName[] {
  return [...new Set(names)].sort(compareNames);
}

function compareNames(a: string, b: string): number {
  const [left, right] = [piecesOf(a), piecesOf(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const [x = '', y = ''] = [left[index], right[index]];
    if (x === y) continue;
    const difference = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : 0;
    if (difference !== 0) return difference;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

function piecesOf(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? [];
}
