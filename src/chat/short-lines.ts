import type { RunId } from '../runner/journal.js';
import { type Block, type Message, paragraph, spanText } from './message.js';

/**
 * A message of the reporter for chats where a line is dear: what stands on two lines is folded into one
 * (`… observed in 2 s [14/41] phase 2`), without saying anything twice, and of a table the command is named that shows
 * it. Pure.
 */
export function inShortLines(message: Message, run: RunId): Message {
  const blocks = withoutTables(message.blocks, run);
  const [first, second, ...others] = blocks;
  if (first?.kind !== 'paragraph' || second?.kind !== 'progress') return { ...message, blocks };
  const said = spanText(first.spans);
  const notes = (second.note ?? '').split(' · ').filter((note) => note !== '' && !said.includes(note));
  const counted = [`[${second.done}/${second.of}]`, notes.join(' · ')]
    .filter((part) => part !== '')
    .join(' ');
  return { ...message, blocks: [paragraph(...first.spans, ` ${counted}`), ...others] };
}

/** Two lines are told before it: how the run ended, and of read-only. */
const BEFORE_REPORT = 2;

function withoutTables(blocks: readonly Block[], run: RunId): readonly Block[] {
  const left = blocks.filter(({ kind }) => kind !== 'table');
  if (left.length === blocks.length) return blocks;
  const [ending, because, ...rest] = left;
  const isFolded = ending?.kind === 'paragraph' && because?.kind === 'paragraph';
  const folded = isFolded ? [paragraph(...ending.spans, ': ', ...because.spans), ...rest] : left;
  return [
    ...folded.slice(0, BEFORE_REPORT),
    paragraph('Task by task: ', { command: `report ${run}` }, '.'),
    ...folded.slice(BEFORE_REPORT),
  ];
}
