import { type ReaderFact, type Reader, readerFacts } from '../calendar/event-facts.js';
import { factOf, parseTemplate } from '../calendar/fact-template.js';
import type { Milestone } from '../calendar/milestone.js';
import { overrideText } from '../calendar/override-text.js';
import type { SwitchoverEvent } from '../calendar/switchover-event.js';

/** A piece of text; `strong` is for the platform to render in its own way. */
export interface Span {
  readonly text: string;
  readonly strong?: true;
}

export type Paragraph = readonly Span[];

/** What is told at a milestone, without any markup. */
export interface Announcement {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
}

/** Dates and datacenters stand out: they are what readers look for, and what was wrong when texts were typed by hand. */
const STRONG: readonly string[] = [
  'from',
  'to',
  'services.day',
  'traffic.day',
  'mediawiki.day',
  'repool.day',
] satisfies readonly ReaderFact[];

/**
 * The text of a milestone for readers in some zones. What was changed from the rule is told in a last paragraph,
 * with its reason. An unknown fact or zone throws: a text with a gap must not go out. Pure.
 */
export function announcementText(event: SwitchoverEvent, milestone: Milestone, reader: Reader): Announcement {
  const facts = readerFacts(event, reader);
  const changes = event.overrides.filter(({ kind }) => kind !== 'cancel').map(overrideText);
  return {
    title: milestone.title,
    paragraphs: [
      ...milestone.text.map((template) => paragraphOf(template, facts)),
      ...(changes.length === 0
        ? []
        : [[{ text: `Changed from the usual schedule (UTC): ${changes.join('; ')}.` }]]),
    ],
  };
}

function paragraphOf(template: string, facts: Readonly<Record<string, string>>): Paragraph {
  return parseTemplate(template).map((piece): Span => {
    if ('text' in piece) return { text: piece.text };
    const text = factOf(piece.fact, facts);
    return STRONG.includes(piece.fact) ? { text, strong: true } : { text };
  });
}

/** A paragraph for platforms and mails that have nothing but text. Pure. */
export function plainParagraph(paragraph: Paragraph): string {
  return paragraph.map(({ text }) => text).join('');
}
