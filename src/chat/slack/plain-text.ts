import { assertNever } from '../../domain/assert-never.js';
import { shorten, withoutControls } from '../../domain/text.js';
import type { Block, Message, Span } from '../message.js';
import type { SlackUserOf } from './rich-text.js';

/** Longer ones are cut off by Slack's notifications anyway. */
const MOST = 2_500;

/**
 * What stands for the blocks where they cannot be shown: in notifications, and to screen readers. Slack reads markup in
 * it, so everything is escaped. Pure.
 */
export function plainText({ tone, blocks }: Message, prefix: string, slackUserOf: SlackUserOf): string {
  const text = blocks.flatMap((block) => linesOf(block, prefix, slackUserOf)).join('\n');
  // Escaping makes five characters of one; a mention must not be cut in two.
  const lines = text.length > MOST ? shorten(text, MOST).replace(/(<[^>]*|&[a-z]*…)$/, '') : text;
  return (tone === 'alarm' ? `ALARM: ${lines}` : lines).trim() || '…';
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeText(text: string): string {
  return withoutControls(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function linesOf(block: Block, prefix: string, slackUserOf: SlackUserOf): readonly string[] {
  const inLine = (spans: readonly Span[]): string =>
    spans.map((span) => spanText(span, slackUserOf)).join('');
  switch (block.kind) {
    case 'paragraph':
      return [inLine(block.spans)];
    case 'list':
      return block.items.map((item) => `• ${inLine(item)}`);
    case 'fields':
      return block.fields.map(({ label, value }) => `${escapeText(label)}: ${inLine(value)}`);
    case 'table':
      return [block.columns, ...block.rows].map((row) => row.map(escapeText).join(' | '));
    case 'code':
      return block.lines.map(escapeText);
    case 'progress':
      return [escapeText(progressText(block))];
    case 'choices':
      return block.choices.map(
        ({ label, command }) => `${escapeText(label)}: ${escapeText(`${prefix} ${command}`)}`,
      );
    default:
      return assertNever(block, 'block');
  }
}

function spanText(span: Span, slackUserOf: SlackUserOf): string {
  if (typeof span === 'string') return escapeText(span);
  if ('strong' in span) return escapeText(span.strong);
  if ('code' in span) return escapeText(span.code);
  if ('command' in span) return escapeText(span.command);
  if ('link' in span) return escapeText(span.text === span.link ? span.text : `${span.text} ${span.link}`);
  const user = slackUserOf(span.mention);
  return user === undefined ? escapeText(span.mention) : `<@${user}>`;
}

/** `Phase 3 ██████░░░░ 6/10 · editing is paused`. Pure. */
export function progressText({ label, done, of, note }: Extract<Block, { kind: 'progress' }>): string {
  const tail = note === undefined || note === '' ? '' : ` · ${note}`;
  if (of <= 0) return `${label}${tail}`;
  const filled = Math.max(0, Math.min(BAR, Math.round((done / of) * BAR)));
  return `${label} ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${done}/${of}${tail}`;
}

const BAR = 20;
