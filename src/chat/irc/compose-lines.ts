import { clockTime, type Instant, type Millis } from '../../domain/instant.js';
import { plural } from '../../domain/text.js';
import type { OutLine } from './deliveries.js';
import type { Item } from './items.js';
import { isChannel } from '../irc-names.js';
import { type CalledHere, renderLines } from './render-lines.js';
import { type Formatting, type Rich, rich, splitRich, wireText } from './rich-text.js';

/** How lines are made now, on this connection. */
export interface LineLook {
  readonly formatting: Formatting;
  readonly called: CalledHere;
  /** How lines for us begin in a channel. */
  readonly prefix: string;
  readonly mostLines: number;
  readonly morePage: string | undefined;
  readonly now: Instant;
  readonly lateAfter: Millis;
  /** Bytes of `nick!user@host`, which the server puts before every line. */
  readonly sourceBytes: number;
}

export interface Composed {
  readonly lines: readonly OutLine[];
  /** What is left for a direct message to whoever asked. */
  readonly rest: readonly OutLine[];
}

/** A server passes on 512 bytes at most, its own part and the end of the line among them. */
const LINE_BYTES = 510;

/** Lines of one answer that are sent to whoever asked. */
const MOST_IN_PRIVATE = 60;

/** The lines of one message. Pure. */
export function composeOne(item: Item, look: LineLook): Composed {
  const [first = [], ...others] = renderLines(item.message, look.called, look.prefix);
  const lines = [[...marksOf(item, look), ...first], ...others];
  const width = room(item.channel, look);
  const all = lines.flatMap((line) => splitRich(line, width, look.formatting));
  const isPublic = isChannel(item.channel);
  const most = isPublic ? look.mostLines : MOST_IN_PRIVATE;
  if (all.length <= most) return { lines: wired(item.channel, all, look), rest: [] };
  const shown = all.slice(0, most - 1);
  const left = all.length - shown.length;
  const toAsker = isPublic ? item.askedBy : undefined;
  const besides = toAsker === undefined ? besideEachOther(item, lines, width, look) : [];
  if (besides.length > 0 && besides.length <= most)
    return { lines: wired(item.channel, besides, look), rest: [] };
  const note = splitRich([rich(moreText(left, toAsker, look))], width, look.formatting).slice(0, 1);
  if (toAsker === undefined) return { lines: wired(item.channel, [...shown, ...note], look), rest: [] };
  const privateWidth = room(toAsker, look);
  const inPrivate = all.slice(most - 1).flatMap((line) => splitRich(line, privateWidth, look.formatting));
  const kept = inPrivate.slice(0, MOST_IN_PRIVATE);
  const cut = inPrivate.length - kept.length;
  const end = cut === 0 ? [] : [[rich(`(${plural(cut, 'line')} left out)`)]];
  return {
    lines: wired(item.channel, [...shown, ...note], look),
    rest: wired(toAsker, [...kept, ...end], { ...look, formatting: 'none' }),
  };
}

/**
 * The lines of several messages for one channel, short ones beside each other on the same line; as many messages as
 * there is room for, one at least. Pure.
 */
export function composePacked(
  items: readonly Item[],
  look: LineLook,
): { readonly lines: readonly OutLine[]; readonly packed: number } {
  const channel = items[0]?.channel ?? '';
  const split = (pieces: readonly Rich[]): readonly (readonly Rich[])[] =>
    splitRich(pieces, room(channel, look), look.formatting);
  const lines: (readonly Rich[])[] = [];
  let packed = 0;
  for (const item of items) {
    const own = [...marksOf(item, look), ...onOneLine(renderLines(item.message, look.called, look.prefix))];
    const last = lines.at(-1);
    const beside = last === undefined ? [] : split([...last, rich(' · '), ...own]);
    if (beside.length === 1) lines[lines.length - 1] = beside[0] ?? [];
    else {
      const below = split(own);
      if (packed > 0 && lines.length + below.length > look.mostLines) break;
      lines.push(...below.slice(0, look.mostLines));
    }
    packed += 1;
  }
  return { lines: wired(channel, lines, look), packed };
}

/** Paragraphs that nobody asked for one after the other, so that none of an announcement is lost; none of anything else. */
function besideEachOther(
  { message }: Item,
  lines: readonly (readonly Rich[])[],
  width: number,
  { formatting }: LineLook,
): readonly (readonly Rich[])[] {
  const isText = message.blocks.every(({ kind }) => kind === 'paragraph');
  return isText ? splitRich(onOneLine(lines), width, formatting) : [];
}

const onOneLine = (lines: readonly (readonly Rich[])[]): readonly Rich[] =>
  lines.flatMap((line, index) => (index === 0 ? line : [rich(' '), ...line]));

/** What is late is said with the time at which it was to be said, and what may have been said before says so. */
function marksOf({ at, unknown, leftOutBefore }: Item, { now, lateAfter }: LineLook): readonly Rich[] {
  return [
    ...(leftOutBefore > 0 ? [rich(`(${plural(leftOutBefore, 'message')} left out) `)] : []),
    ...(now - at > lateAfter ? [rich(`[${clockTime(at)}] `)] : []),
    ...(unknown > 0 ? [rich('(again) ')] : []),
  ];
}

function moreText(left: number, askedBy: string | undefined, { morePage }: LineLook): string {
  if (askedBy !== undefined) return `more: ${plural(left, 'line')} in a direct message to ${askedBy}`;
  return `more: ${morePage ?? `${plural(left, 'line')} left out`}`;
}

/** Bytes that are left for the text of a line to this target. */
function room(target: string, { sourceBytes }: LineLook): number {
  return LINE_BYTES - Buffer.byteLength(`: PRIVMSG ${target} :`) - sourceBytes;
}

const wired = (
  target: string,
  lines: readonly (readonly Rich[])[],
  { formatting }: LineLook,
): readonly OutLine[] => lines.map((line) => ({ target, text: wireText(line, formatting) }));
