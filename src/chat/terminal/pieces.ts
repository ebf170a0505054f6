import { withoutControls } from '../../domain/text.js';
import type { Span } from '../message.js';
import { type Colours, type Ink, paint } from './paint.js';
import { textWidth } from './text-width.js';

/** A piece of text in one ink. Its text is printable: `piece` makes it so. */
export interface Piece {
  readonly text: string;
  readonly ink: Ink | undefined;
}

/** Everything that is printed goes through here: no control character of anybody's reaches the terminal. */
export function piece(text: string, ink?: Ink): Piece {
  return { text: withoutControls(text), ink };
}

/** Links are shown as text with their address; without colours, code stands in backquotes. Pure. */
export function piecesOf(spans: readonly Span[], ink: Ink | undefined, colours: Colours): readonly Piece[] {
  return spans.flatMap((span) => {
    if (typeof span === 'string') return [piece(span, ink)];
    if ('strong' in span) return [piece(span.strong, 'strong')];
    if ('code' in span || 'command' in span) {
      const code = 'code' in span ? span.code : span.command;
      return [piece(colours === 'none' ? `\`${code}\`` : code, 'code')];
    }
    if ('mention' in span) return [piece(span.mention, 'strong')];
    const text = span.text === span.link ? [] : [piece(`${span.text} `, ink)];
    return [...text, piece(span.link, 'link')];
  });
}

export function paintPieces(pieces: readonly Piece[], colours: Colours): string {
  return pieces.map(({ text, ink }) => paint(text, ink, colours)).join('');
}

export function piecesWidth(pieces: readonly Piece[]): number {
  return pieces.reduce((width, { text }) => width + textWidth(text), 0);
}

/**
 * The pieces in lines of at most `width` columns, broken at spaces. A word that is longer than a line is left whole:
 * links and commands break when they are cut. Pure.
 */
export function wrapPieces(pieces: readonly Piece[], width: number): readonly (readonly Piece[])[] {
  const lines: Piece[][] = [];
  let line: Piece[] = [];
  let used = 0;
  for (const { parts, spaceBefore } of wordsOf(pieces)) {
    const length = piecesWidth(parts);
    if (line.length > 0 && used + spaceBefore.text.length + length > width) {
      lines.push(line);
      line = [];
      used = 0;
    }
    if (line.length > 0 && spaceBefore.text !== '') {
      line.push(spaceBefore);
      used += 1;
    }
    line.push(...parts);
    used += length;
  }
  return [...lines, line];
}

interface Word {
  /** One space in the ink of the piece that it stands in, or an empty piece at the very beginning. */
  readonly spaceBefore: Piece;
  readonly parts: readonly Piece[];
}

/** Words may be made of several pieces: `` `next` `` and the question mark after it belong together. */
function wordsOf(pieces: readonly Piece[]): readonly Word[] {
  const words: { spaceBefore: Piece; parts: Piece[] }[] = [];
  let space: Piece | undefined = { text: '', ink: undefined };
  for (const { text, ink } of pieces) {
    for (const part of text.match(/\s+|\S+/g) ?? []) {
      if (/^\s/.test(part)) {
        space = words.length === 0 ? space : { text: ' ', ink };
      } else if (space === undefined) {
        words.at(-1)?.parts.push({ text: part, ink });
      } else {
        words.push({ spaceBefore: space, parts: [{ text: part, ink }] });
        space = undefined;
      }
    }
  }
  return words;
}
