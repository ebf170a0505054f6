import type { Json } from '../domain/json.js';
import type { Reply } from './command.js';
import { type Message, message, paragraph, say, type Span } from './message.js';
import type { Mistake } from './mistake.js';

/** What was asked for. */
export function answered(shown: Message, data: Json): Reply {
  return { status: 'ok', message: shown, data };
}

/** Somebody may not do this, or not now: why, and what would be needed. */
export function refused(because: string, needed?: string): Reply {
  const text = needed === undefined ? sentence(because) : withNeeded(because, needed);
  return {
    status: 'refused',
    message: message('warning', paragraph(text)),
    data: { refused: because, needed: needed ?? null },
  };
}

/** What is needed is named after a colon; what is already a whole sentence (a command, a question) stands by itself. */
function withNeeded(because: string, needed: string): string {
  const isSentence = /^(`|did you mean |say which|name the one )/.test(needed);
  return isSentence ? `${sentence(because)} ${sentence(needed)}` : sentence(`${because}; needed: ${needed}`);
}

/** There is no such thing. */
export function notFound(what: string, ...where: Span[]): Reply {
  const spans = where.length === 0 ? [sentence(what)] : [sentence(what), ' ', ...where];
  return { status: 'not-found', message: say(...spans), data: { notFound: what } };
}

/** Somebody typed what no command can use. */
export function mistaken({ what, didYouMean, usage }: Mistake): Reply {
  const spans: Span[] = [what];
  // With a usage it is about one of its words; without, about the command itself.
  const meant = (word: string): Span => (usage === undefined ? { command: word } : { code: word });
  if (didYouMean !== undefined) spans.push(' Did you mean ', meant(didYouMean), '?');
  if (usage !== undefined) spans.push(' Usage: ', { command: usage });
  return {
    status: 'mistake',
    message: message('warning', paragraph(...spans)),
    data: { mistake: what, didYouMean: didYouMean ?? null, usage: usage ?? null },
  };
}

/** Begins with a capital and ends with a full stop. Pure. */
export function sentence(words: string): string {
  const begun = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
