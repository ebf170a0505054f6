import { assertNever } from '../../domain/assert-never.js';
import type { Block, Message, Tone } from '../message.js';
import type { Colours, Ink } from './paint.js';
import { paintPieces, type Piece, piece, piecesOf, wrapPieces } from './pieces.js';
import { fitted, textWidth } from './text-width.js';

/** How wide lines may be (Infinity: as long as they are) and whether there are colours. */
export interface Look {
  readonly width: number;
  readonly colours: Colours;
}

type Line = readonly Piece[];

const TONE_INK: Readonly<Record<Tone, Ink | undefined>> = {
  plain: undefined,
  good: 'good',
  warning: 'warning',
  alarm: 'alarm',
};

/** The lines of a message on a terminal, `lead` in front of the first one. An alarm says so in words too. Pure. */
export function renderMessage({ tone, blocks }: Message, look: Look, lead: Line = []): readonly string[] {
  const start = tone === 'alarm' ? [...lead, piece('ALARM: ', 'alarm')] : lead;
  const [first, ...others] = blocks;
  const lines = [
    ...(first === undefined ? [start] : startedWith(start, first, TONE_INK[tone], look)),
    ...others.flatMap((block) => renderBlock(block, tone === 'alarm' ? 'alarm' : undefined, look)),
  ];
  return lines.map((line) => paintPieces(line, look.colours).trimEnd());
}

/** One line of at most the look's width: for what is drawn again and again in place. Pure. */
export function renderInOneLine(block: Block, look: Look): string {
  const [line = []] = renderBlock(block, undefined, { ...look, width: Infinity });
  return fitted(line.map(({ text }) => text).join(''), look.width);
}

/** Texts go on right after what leads; everything else begins under it. */
function startedWith(lead: Line, block: Block, ink: Ink | undefined, look: Look): readonly Line[] {
  if (lead.length === 0) return renderBlock(block, ink, look);
  if (block.kind === 'paragraph')
    return wrapPieces([...lead, ...piecesOf(block.spans, ink, look.colours)], look.width);
  const lines = renderBlock(block, ink, look);
  const [only = []] = lines;
  return lines.length === 1 ? [[...lead, ...only]] : [lead, ...lines];
}

function renderBlock(block: Block, ink: Ink | undefined, look: Look): readonly Line[] {
  switch (block.kind) {
    case 'paragraph':
      return wrapPieces(piecesOf(block.spans, ink, look.colours), look.width);
    case 'list':
      return block.items.flatMap((item) => hanging([piece('- ')], piecesOf(item, ink, look.colours), look));
    case 'fields':
      return renderFields(block.fields, ink, look);
    case 'table':
      return renderTable(block, look);
    case 'code':
      return block.lines.map((line) => [piece(line)]);
    case 'progress':
      return [renderProgress(block)];
    case 'choices':
      return wrapPieces(renderChoices(block.choices, look.colours), look.width);
    default:
      return assertNever(block, 'block');
  }
}

/** `head` before the first line, and as much space before the others. */
function hanging(head: Line, pieces: Line, look: Look): readonly Line[] {
  const indent = head.reduce((width, { text }) => width + textWidth(text), 0);
  return wrapPieces(pieces, look.width - indent).map((line, index) => [
    ...(index === 0 ? head : [piece(' '.repeat(indent))]),
    ...line,
  ]);
}

function renderFields(
  fields: Extract<Block, { kind: 'fields' }>['fields'],
  ink: Ink | undefined,
  look: Look,
): readonly Line[] {
  const width = Math.max(0, ...fields.map(({ label }) => textWidth(piece(label).text)));
  return fields.flatMap(({ label, value }) =>
    hanging([piece(padded(label, width + 2), 'dim')], piecesOf(value, ink, look.colours), look),
  );
}

/** Columns as wide as their widest cell; the last one is wrapped under itself. */
function renderTable({ columns, rows }: Extract<Block, { kind: 'table' }>, look: Look): readonly Line[] {
  const widths = columns.map((column, index) =>
    Math.max(...[column, ...rows.map((row) => row[index] ?? '')].map((cell) => textWidth(piece(cell).text))),
  );
  const line = (cells: readonly string[], ink: Ink | undefined): readonly Line[] => {
    const last = columns.length - 1;
    const head = columns
      .slice(0, last)
      .map((_, index) => piece(padded(cells[index] ?? '', (widths[index] ?? 0) + 2), ink));
    return hanging(head, [piece(cells[last] ?? '', ink)], look);
  };
  return [...line(columns, 'dim'), ...rows.flatMap((row) => line(row, undefined))];
}

const BAR_COLUMNS = 20;

/** `warm up caches [██████░░░░] 3/6 25 s`. */
function renderProgress({ label, done, of, note }: Extract<Block, { kind: 'progress' }>): Line {
  const after = note === undefined ? [] : [piece(` ${note}`)];
  if (of <= 0) return [piece(`${label} ${done}`), ...after];
  const filled = Math.floor((Math.min(Math.max(done, 0), of) / of) * BAR_COLUMNS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_COLUMNS - filled);
  return [piece(`${label} [`), piece(bar, 'good'), piece(`] ${done}/${of}`), ...after];
}

/** A terminal has no buttons: `GO: go 41 · NOGO: nogo 41`. */
function renderChoices(choices: Extract<Block, { kind: 'choices' }>['choices'], colours: Colours): Line {
  return choices.flatMap(({ label, command }, index) => [
    ...(index === 0 ? [] : [piece(' · ', 'dim')]),
    piece(`${label}: `),
    ...piecesOf([{ code: command }], undefined, colours),
  ]);
}

function padded(text: string, width: number): string {
  const { text: printable } = piece(text);
  return printable + ' '.repeat(Math.max(0, width - textWidth(printable)));
}
