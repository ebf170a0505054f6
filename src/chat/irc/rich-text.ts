import { withoutControls } from '../../domain/text.js';

export type Style = 'plain' | 'strong' | 'alarm';

/** Text in one style, without a control character: `rich` makes it so. */
export interface Rich {
  readonly text: string;
  readonly style: Style;
}

/** Every text that is said goes through here: what is left of a control character is a space. */
export const rich = (text: string, style: Style = 'plain'): Rich => ({ text: withoutControls(text), style });

/** Bold is 02; red is 03 and two figures, so that a figure of the text is not taken for one of the colour; 0F ends both. */
const OPENING: Readonly<Record<Style, string>> = { plain: '', strong: '\u0002', alarm: '\u0002\u000304' };
const CLOSING = '\u000f';

export type Formatting = 'bold' | 'none';

/** As it goes over the wire. Each piece opens and closes its own format, so a line that is cut off leaves none open. Pure. */
export function wireText(pieces: readonly Rich[], formatting: Formatting): string {
  return joined(pieces)
    .map(({ text, style }) =>
      formatting === 'none' || style === 'plain' ? text : OPENING[style] + apart(text, style) + CLOSING,
    )
    .join('');
}

/** After a colour a comma would begin a second one. */
const apart = (text: string, style: Style): string =>
  style === 'alarm' && text.startsWith(',') ? ` ${text}` : text;

/** Without formats, as it is compared with what a server shows us of our own lines. Pure. */
export function withoutFormats(text: string): string {
  return text.replace(
    /\u0003(\d{1,2}(,\d{1,2})?)?|\u0004([0-9a-fA-F]{6})?|[\u0002\u000f\u0011\u0016\u001d-\u001f]/g,
    '',
  );
}

/** Pieces of the same style that follow each other as one: no codes between them. */
function joined(pieces: readonly Rich[]): readonly Rich[] {
  const all: Rich[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (piece.text === '') continue;
    if (last?.style === piece.style)
      all[all.length - 1] = { text: last.text + piece.text, style: piece.style };
    else all.push(piece);
  }
  return all;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Lines of at most `most` bytes as they go over the wire, broken at spaces; a word that is longer than a line is broken
 * between two characters as people count them, and one of those that is longer than a line between code points. The
 * space at which a line is broken is left out; else nothing is. Pure.
 */
export function splitRich(
  pieces: readonly Rich[],
  most: number,
  formatting: Formatting,
): readonly (readonly Rich[])[] {
  const whole = joined(pieces);
  if (whole.at(-1)?.text.endsWith(' ') === false && fits(whole, most, formatting)) return [whole];
  const lines: Rich[][] = [];
  const fill = new LineUnderWay(most, formatting);
  let spaces: readonly Rich[] = [];
  for (const run of runsOf(pieces)) {
    if (run.isSpace) {
      spaces = run.pieces;
      continue;
    }
    if (!fill.takes([...spaces, ...run.pieces])) {
      if (!fill.isEmpty) lines.push(fill.end());
      for (const part of fill.takes(run.pieces) ? [] : partsOf(run.pieces)) {
        if (fill.takes([part])) continue;
        lines.push(fill.end());
        for (const point of fill.takes([part]) ? [] : part.text) {
          if (fill.takes([{ text: point, style: part.style }])) continue;
          lines.push(fill.end());
          fill.takes([{ text: point, style: part.style }]);
        }
      }
    }
    spaces = [];
  }
  if (!fill.isEmpty) lines.push(fill.end());
  return lines;
}

const fits = (pieces: readonly Rich[], most: number, formatting: Formatting): boolean =>
  Buffer.byteLength(wireText(pieces, formatting)) <= most;

class LineUnderWay {
  #pieces: readonly Rich[] = [];

  constructor(
    private readonly most: number,
    private readonly formatting: Formatting,
  ) {}

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Whether there was room. */
  takes(pieces: readonly Rich[]): boolean {
    const longer = joined([...this.#pieces, ...pieces]);
    if (!fits(longer, this.most, this.formatting)) return false;
    this.#pieces = longer;
    return true;
  }

  end(): Rich[] {
    const pieces = [...this.#pieces];
    this.#pieces = [];
    return pieces;
  }
}

interface Run {
  readonly isSpace: boolean;
  readonly pieces: Rich[];
}

/** Words and the spaces between them: a word may be made of several pieces. */
function runsOf(pieces: readonly Rich[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { text, style } of pieces)
    for (const part of text.match(/ +|[^ ]+/g) ?? []) {
      const isSpace = part.startsWith(' ');
      const last = runs.at(-1);
      if (last?.isSpace === isSpace) last.pieces.push({ text: part, style });
      else runs.push({ isSpace, pieces: [{ text: part, style }] });
    }
  return runs;
}

const partsOf = (pieces: readonly Rich[]): readonly Rich[] =>
  pieces.flatMap(({ text, style }) =>
    [...graphemes.segment(text)].map(({ segment }) => ({ text: segment, style })),
  );
