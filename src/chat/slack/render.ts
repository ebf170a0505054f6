/**
 * A message as Slack's blocks, in as many parts as its limits ask for. Every limit is kept for every message: what is
 * too long is divided, and nothing is refused.
 *
 * https://docs.slack.dev/reference/block-kit/blocks and, for the limit of all text together, which is not documented,
 * bolt-js issue 2509.
 */
import type { types } from '@slack/bolt';
import { assertNever } from '../../domain/assert-never.js';
import { printable, shorten, withoutControls } from '../../domain/text.js';
import type { Block, Message } from '../message.js';
import { typedInChannel } from '../typed-in-channel.js';
import { plainText, progressText } from './plain-text.js';
import {
  cut,
  type Inline,
  inlinesOf,
  MOST_IN_A_BLOCK,
  sizeOf,
  type SlackUserOf,
  texts,
} from './rich-text.js';

/** One message of Slack's. */
export interface Part {
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}

export interface RenderParts {
  readonly prefix: string;
  readonly slackUserOf: SlackUserOf;
  /** What a button carries instead of its command: an id that says nothing. */
  choiceOf(command: string): string;
}

const MOST_BLOCKS = 48;
const MOST_IN_A_MESSAGE = 9_000;
const MOST_BUTTONS = 25;
const MOST_ON_A_BUTTON = 75;
const MOST_ITEMS = 40;

interface Sized {
  readonly block: types.KnownBlock;
  readonly size: number;
}

/** The message in parts, at least one. Reads and writes nothing itself. */
export function render(shown: Message, parts: RenderParts): readonly Part[] {
  const message = typedInChannel(shown, parts.prefix);
  const text = plainText(message, parts.prefix, parts.slackUserOf);
  const lead: readonly Sized[] =
    message.tone === 'alarm' ? richText([section(texts('ALARM', { bold: true }))]) : [];
  const sized = [...lead, ...message.blocks.flatMap((block) => blocksOf(block, parts))];
  const packed = packedIn(sized.length > 0 ? sized : richText([section(texts('…'))]));
  return packed.map((blocks, index) => ({
    blocks,
    text: index === 0 ? text : `… (${index + 1} of ${packed.length})`,
  }));
}

/** The message in one part: where an earlier one is written over there is no room for a second. */
export function renderInOne(message: Message, parts: RenderParts): Part {
  const [first, ...others] = render(message, parts);
  if (first === undefined || others.length === 0) return first ?? { text: '…', blocks: [] };
  const rest = richText([section(texts('… and more.'))]).map(({ block }) => block);
  return { text: first.text, blocks: [...first.blocks, ...rest] };
}

function blocksOf(block: Block, parts: RenderParts): readonly Sized[] {
  switch (block.kind) {
    case 'paragraph':
      return sections(inlinesOf(block.spans, parts.slackUserOf));
    case 'list':
      return lists(block.items.map((item) => inlinesOf(item, parts.slackUserOf)));
    case 'fields':
      return sections(
        block.fields.flatMap(({ label, value }, index) => [
          ...(index === 0 ? [] : newLine()),
          ...texts(`${label}: `, { bold: true }),
          ...inlinesOf(value, parts.slackUserOf),
        ]),
      );
    case 'table':
      return preformatted(alignedRows([block.columns, ...block.rows]));
    case 'code':
      return preformatted(block.lines.map(printableLine));
    case 'progress':
      return sections(texts(progressText(block)));
    case 'choices':
      return buttons(block.choices, parts);
    default:
      return assertNever(block, 'block');
  }
}

function packedIn(sized: readonly Sized[]): readonly (readonly types.KnownBlock[])[] {
  const packed: types.KnownBlock[][] = [];
  let used = Infinity;
  for (const { block, size } of sized) {
    const last = packed.at(-1);
    if (last === undefined || last.length >= MOST_BLOCKS || used + size > MOST_IN_A_MESSAGE) {
      packed.push([block]);
      used = size;
    } else {
      last.push(block);
      used += size;
    }
  }
  return packed;
}

/** As many blocks as the limit of one asks for. */
function sections(inlines: readonly Inline[]): readonly Sized[] {
  return grouped(inlines, sizeOf, Infinity).flatMap((group) => richText([section(group)]));
}

function lists(items: readonly (readonly Inline[])[]): readonly Sized[] {
  // An item that is longer than a block becomes several.
  const fitting = items.flatMap((item) => grouped(item, sizeOf, Infinity));
  const size = (item: readonly Inline[]): number => item.reduce((sum, inline) => sum + sizeOf(inline), 0);
  return grouped(fitting, size, MOST_ITEMS).flatMap((group) =>
    richText([{ type: 'rich_text_list', style: 'bullet', elements: group.map(section) }]),
  );
}

function preformatted(lines: readonly string[]): readonly Sized[] {
  const fitting = lines.flatMap((line) => (line === '' ? [' '] : cut(line, MOST_IN_A_BLOCK - 1)));
  return grouped(fitting, (line) => line.length + 1, Infinity).flatMap((group) =>
    richText([{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: group.join('\n') }] }]),
  );
}

function buttons(
  choices: Extract<Block, { kind: 'choices' }>['choices'],
  parts: RenderParts,
): readonly Sized[] {
  const elements = choices.map(({ label, command }): types.Button => {
    const text = shorten(withoutControls(label).trim() || withoutControls(command).trim() || '…', 60);
    return {
      type: 'button',
      action_id: 'choice',
      text: { type: 'plain_text', text: cut(text, MOST_ON_A_BUTTON)[0] ?? '…', emoji: false },
      value: parts.choiceOf(command),
    };
  });
  return grouped(elements, () => 0, MOST_BUTTONS).map((group) => ({
    block: {
      type: 'actions',
      elements: group.map((button, index) => ({ ...button, action_id: `choice-${index}` })),
    },
    size: group.reduce((sum, button) => sum + button.text.text.length, 0),
  }));
}

function section(elements: readonly Inline[]): types.RichTextSection {
  return { type: 'rich_text_section', elements: [...elements] };
}

function newLine(): readonly Inline[] {
  return [{ type: 'text', text: '\n' }];
}

type RichElement = types.RichTextBlock['elements'][number];

function richText(elements: readonly RichElement[]): readonly Sized[] {
  const size = elements.reduce((sum, one) => sum + elementSize(one), 0);
  return [{ block: { type: 'rich_text', elements: [...elements] }, size }];
}

function elementSize(element: RichElement): number {
  if (element.type === 'rich_text_list')
    return element.elements.reduce((sum, one) => sum + elementSize(one), 0);
  return (element.elements as Inline[]).reduce((sum, inline) => sum + sizeOf(inline), 0);
}

/** In groups, in order, of at most so many things and so many characters that a block may have. */
function grouped<T>(
  things: readonly T[],
  size: (thing: T) => number,
  most: number,
): readonly (readonly T[])[] {
  const groups: T[][] = [];
  let used = Infinity;
  for (const thing of things) {
    const last = groups.at(-1);
    if (last === undefined || last.length >= most || used + size(thing) > MOST_IN_A_BLOCK) {
      groups.push([thing]);
      used = size(thing);
    } else {
      last.push(thing);
      used += size(thing);
    }
  }
  return groups;
}

function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => withoutControls(cell)));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.min(60, Math.max(0, ...cells.map((row) => characters(row[column] ?? '')))),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - characters(cell))))
      .join('  ')
      .trimEnd(),
  );
}

function printableLine(line: string): string {
  return printable(line).replace(/\n/g, ' ');
}

function characters(text: string): number {
  return Array.from(text).length;
}
