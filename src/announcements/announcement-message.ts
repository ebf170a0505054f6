import { assertNever } from '../domain/assert-never.js';
import { type Message, message, paragraph } from '../chat/message.js';
import type { Announcement } from './announcement-text.js';
import type { Telling } from './what-is-due.js';

/** `again`: it may have been said before; nobody could find out. */
export type Repetition = 'first' | 'again';

/** An announcement as it is sent, with what its readers must know besides: that it has changed, or is said twice. Pure. */
export function announcementMessage(
  announcement: Announcement,
  telling: Telling,
  repetition: Repetition,
): Message {
  const title = `${repetition === 'again' ? '(again) ' : ''}${mark(telling)}${announcement.title}`;
  const correction = telling === 'as-planned' ? [] : [paragraph('This replaces what was told here before.')];
  const paragraphs = announcement.paragraphs.map((spans) =>
    paragraph(...spans.map(({ text, strong }) => (strong ? { strong: text } : text))),
  );
  return message('plain', paragraph({ strong: title }), ...correction, ...paragraphs);
}

function mark(telling: Telling): string {
  switch (telling) {
    case 'as-planned':
      return '';
    case 'moved':
      return 'Moved: ';
    case 'after-all':
      return 'Takes place after all: ';
    default:
      return assertNever(telling, 'telling');
  }
}
