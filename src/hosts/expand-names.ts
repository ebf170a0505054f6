/** More names than there can be hosts: refused before they are made. */
const MOST_NAMES = 10_000;

type Fail = (at: number, expected: string) => never;

interface NumberRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Digits to fill up to with zeros. */
  readonly width: number;
}

/**
 * `db[1001-1003,1010].eqiad.wmnet` → its four names; `[001-010/3]` keeps zeros and takes each third; several brackets
 * multiply. As ClusterShell has it. Text without brackets is one name. `fail` is called with the position (from 0) and what was expected; the
 * number of names is limited before any is made. Pure.
 */
export function expandNames(text: string, fail: Fail): string[] {
  const parts: (string | NumberRange[])[] = [];
  let at = 0;
  for (const { 0: bracket, 1: inside = '', index } of text.matchAll(/\[([^[\]]*)\]/g)) {
    parts.push(text.slice(at, index), readRanges(inside, index + 1, fail));
    at = index + bracket.length;
  }
  parts.push(text.slice(at));
  checkLiterals(text, fail);
  const count = parts.reduce((product, part) => product * (typeof part === 'string' ? 1 : sizeOf(part)), 1);
  if (count > MOST_NAMES) fail(text.indexOf('['), `at most ${MOST_NAMES} hosts (these are ${count})`);
  return parts.reduce<string[]>(
    (names, part) => (typeof part === 'string' ? names.map((name) => name + part) : multiply(names, part)),
    [''],
  );
}

/** Outside of brackets only what a host name or a glob is made of. */
function checkLiterals(text: string, fail: Fail): void {
  const blanked = text.replace(/\[[^[\]]*\]/g, (bracket) => '0'.repeat(bracket.length));
  const bad = /[^A-Za-z0-9.*_-]/.exec(blanked);
  if (bad)
    fail(bad.index, bad[0] === '[' ? '"]" after "["' : 'a host name such as db[1001-1004].example.org');
}

function readRanges(inside: string, at: number, fail: Fail): NumberRange[] {
  let offset = at;
  return inside.split(',').map((piece) => {
    const match = /^(\d{1,9})(?:-(\d{1,9})(?:\/(\d{1,9}))?)?$/.exec(piece);
    if (!match) fail(offset, 'a number or a range such as 1001-1004 or 01-10/2');
    const [, from = '', to = from, step = '1'] = match;
    const range = { from: Number(from), to: Number(to), step: Number(step), width: padding(from) };
    // Whether 1-010 means 1 or 001 would be a guess.
    if (from.length !== to.length && padding(from) + padding(to) > 0)
      fail(offset, 'two numbers with as many digits, such as 01-10');
    if (range.to < range.from) fail(offset, `a range that goes up, such as ${to}-${from}`);
    if (range.step === 0) fail(offset, 'a step of at least 1');
    offset += piece.length + 1;
    return range;
  });
}

function padding(digits: string): number {
  return digits.length > 1 && digits.startsWith('0') ? digits.length : 0;
}

function sizeOf(ranges: readonly NumberRange[]): number {
  return ranges.reduce((sum, { from, to, step }) => sum + Math.floor((to - from) / step) + 1, 0);
}

function multiply(names: readonly string[], ranges: readonly NumberRange[]): string[] {
  return names.flatMap((name) => ranges.flatMap((range) => numbersOf(range).map((number) => name + number)));
}

function numbersOf({ from, to, step, width }: NumberRange): string[] {
  const numbers: string[] = [];
  for (let number = from; number <= to; number += step) numbers.push(String(number).padStart(width, '0'));
  return numbers;
}
