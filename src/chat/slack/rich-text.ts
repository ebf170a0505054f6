import type { types } from '@slack/bolt';
import { withoutControls } from '../../domain/text.js';
import type { PersonName } from '../../domain/names.js';
import type { Span } from '../message.js';

/** The Slack user of a person, where there is one. Pure. */
export type SlackUserOf = (person: PersonName) => string | undefined;

export type Inline = types.RichTextText | types.RichTextLink | types.RichTextUserMention;

/** Characters of one block that are left to text; the documented limit of a text is 3,000. */
export const MOST_IN_A_BLOCK = 2_800;

const MOST_IN_A_LINK = 2_000;

/**
 * Texts as Slack's rich text, where nothing that people write is markup: a text is shown as it is, so there is nothing
 * to escape, and nobody can make us call a channel. Pure.
 */
export function inlinesOf(spans: readonly Span[], slackUserOf: SlackUserOf): readonly Inline[] {
  return spans.flatMap((span): readonly Inline[] => {
    if (typeof span === 'string') return texts(span);
    if ('strong' in span) return texts(span.strong, { bold: true });
    if ('code' in span) return texts(span.code, { code: true });
    if ('command' in span) return texts(span.command, { code: true });
    if ('mention' in span) {
      const user = slackUserOf(span.mention);
      return user === undefined ? texts(span.mention) : [{ type: 'user', user_id: user }];
    }
    const url = linkOf(span.link);
    const text = withoutControls(span.text);
    if (url === undefined) return texts(text === span.link ? text : `${text} ${span.link}`);
    return [{ type: 'link', url, ...(text === '' ? {} : { text: cut(text, 500)[0] ?? '…' }) }];
  });
}

/** Elements of plain text in pieces that each fit into a block. Pure. */
export function texts(text: string, style?: types.RichTextText['style']): readonly types.RichTextText[] {
  return cut(withoutControls(text), MOST_IN_A_BLOCK).map((piece) => ({
    type: 'text',
    text: piece,
    ...(style === undefined ? {} : { style }),
  }));
}

/** The text in pieces of at most so many UTF-16 units, no character cut in two; none for an empty text. Pure. */
export function cut(text: string, most: number): readonly string[] {
  if (text === '') return [];
  if (text.length <= most) return [text];
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = Math.min(text.length, at + most);
    const splitsPair = end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1));
    const to = splitsPair ? end - 1 : end;
    pieces.push(text.slice(at, to));
    at = to;
  }
  return pieces;
}

/** Characters that it takes of Slack's limits. Pure. */
export function sizeOf(inline: Inline): number {
  switch (inline.type) {
    case 'text':
      return inline.text.length;
    case 'link':
      return inline.url.length + (inline.text?.length ?? 0);
    case 'user':
      return inline.user_id.length;
  }
}

/** An address that Slack takes for a link. Pure. */
function linkOf(address: string): string | undefined {
  if (!/^(https?|mailto):/i.test(address) || !URL.canParse(address)) return undefined;
  const { href } = new URL(address);
  return href.length <= MOST_IN_A_LINK ? href : undefined;
}
