/**
 * Characters that must never reach a terminal, a log or a line protocol: C0 and C1 controls, line and paragraph
 * separators, bidirectional overrides (they can make a line read as another one), and lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Each unsafe character becomes a space, a lone surrogate U+FFFD; nothing is trimmed. For pieces of a line. Pure. */
export function withoutControls(text: string): string {
  return text.replace(UNSAFE, (found) => (found >= '\ud800' && found <= '\udfff' ? '\ufffd' : ' '));
}

/** One printable line: as `withoutControls`, ends trimmed. Pure. */
export function oneLine(text: string): string {
  return withoutControls(text).trim();
}

/** Printable text of several lines: as `oneLine`, but line feeds are kept. Pure. */
export function printable(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => withoutControls(line).trimEnd())
    .join('\n');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `most` characters as people count them, with an ellipsis where something was left out. Pure. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  let out = '';
  let count = 0;
  for (const { segment } of graphemes.segment(text.slice(0, most * 16))) {
    if (count + 1 >= most) return `${out}…`;
    out += segment;
    count += 1;
  }
  return out.length < text.length ? `${out}…` : out;
}

/** `1 approval`, `2 approvals`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length <= 1) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1) ?? ''}`;
}
