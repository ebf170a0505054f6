import { assertNever } from '../../domain/assert-never.js';
import type { PersonName } from '../../domain/names.js';
import type { Block, Message, Span } from '../message.js';
import { typedInChannel } from '../typed-in-channel.js';
import { type Rich, rich } from './rich-text.js';

/** What a person is called in the channel. */
export type CalledHere = (person: PersonName) => string;

type Line = readonly Rich[];

/** The lines of a message, as long as they come. An alarm says so in words; the first text follows on the same line. Pure. */
export function renderLines(message: Message, called: CalledHere, prefix: string): readonly Line[] {
  const { tone, blocks } = typedInChannel(message, prefix);
  const lines = blocks
    .flatMap((block) => renderBlock(block, called, prefix))
    .filter((line) => line.length > 0);
  if (tone !== 'alarm') return lines;
  const [first = [], ...others] = lines;
  return [[rich('ALARM: ', 'alarm'), ...first], ...others];
}

function renderBlock(block: Block, called: CalledHere, prefix: string): readonly Line[] {
  const spans = (all: readonly Span[]): Line => all.map((span) => renderSpan(span, called)).flat();
  switch (block.kind) {
    case 'paragraph':
      return [spans(block.spans)];
    case 'list':
      return block.items.map((item) => [rich('- '), ...spans(item)]);
    case 'fields':
      return fieldsInLines(block.fields.map(({ label, value }) => [rich(`${label}: `), ...spans(value)]));
    case 'table':
      return [
        [rich(block.columns.join(' | '), 'strong')],
        ...block.rows.map((row) => [rich(block.columns.map((_, at) => row[at] ?? '').join(' | '))]),
      ];
    case 'code':
      return block.lines.map((line) => [rich(line)]);
    case 'progress':
      return [[rich(progressText(block))]];
    case 'choices':
      return [
        block.choices.flatMap(({ label, command }, index) => [
          rich(`${index === 0 ? '' : ' · '}${label}: `),
          rich(`\`${prefix} ${command}\``),
        ]),
      ];
    default:
      return assertNever(block, 'block');
  }
}

/** Short ones stand beside each other: a channel has few lines. */
function fieldsInLines(fields: readonly Line[]): readonly Line[] {
  return [fields.flatMap((field, index) => (index === 0 ? field : [rich(' · '), ...field]))];
}

function renderSpan(span: Span, called: CalledHere): Line {
  if (typeof span === 'string') return [rich(span)];
  if ('strong' in span) return [rich(span.strong, 'strong')];
  if ('code' in span || 'command' in span) return [rich(`\`${'code' in span ? span.code : span.command}\``)];
  if ('mention' in span) return [rich(called(span.mention), 'strong')];
  return [rich(span.text === span.link ? span.link : `${span.text} ${span.link}`)];
}

const BAR = 10;

/** `warm up caches [#####.....] 3/6 25 s`. */
function progressText({ label, done, of, note }: Extract<Block, { kind: 'progress' }>): string {
  const after = note === undefined ? '' : ` ${note}`;
  if (of <= 0) return `${label} ${done}${after}`;
  const filled = Math.floor((Math.min(Math.max(done, 0), of) / of) * BAR);
  return `${label} [${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${done}/${of}${after}`;
}
