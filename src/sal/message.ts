import { oneLine, shorten } from '../domain/text.js';

/** One printable line that is neither empty nor too long; only the functions of this file make one. */
export type SalMessage = string & { readonly __brand: 'SalMessage' };

/** Longest message, in characters (UTF-16 units). */
export const LONGEST_MESSAGE = 2_000;

export type SalMessageResult =
  | { readonly ok: true; readonly message: SalMessage }
  /** `problem` says what is wrong with the text, `needed` what would have been right. */
  | { readonly ok: false; readonly problem: string; readonly needed: string };

/**
 * What a person wants logged: on one line, without control characters. It is refused, never cut: a log that silently
 * leaves out the end of what somebody said is worse than none. Pure.
 */
export function salMessage(text: string): SalMessageResult {
  const message = oneLine(text);
  // Zero-width and other characters that nobody sees are no message either.
  if (!/[^\p{C}\p{Z}\p{M}]/u.test(message))
    return { ok: false, problem: 'there is nothing to log', needed: 'a message' };
  if (message.length > LONGEST_MESSAGE) {
    return {
      ok: false,
      problem: `a message of ${message.length} characters is too long for the log`,
      needed: `at most ${LONGEST_MESSAGE} characters`,
    };
  }
  return { ok: true, message: message as SalMessage };
}

/** What a run has to say, cut with an ellipsis where it is too long: the journal keeps the rest. Pure. */
export function fittedMessage(text: string): SalMessage {
  const message = oneLine(text);
  if (message.length <= LONGEST_MESSAGE) return message as SalMessage;
  // One character as people count them may be many units, so what is left may still be too long.
  const cut = shorten(message, LONGEST_MESSAGE);
  return (
    cut.length <= LONGEST_MESSAGE ? cut : `${oneLine(cut.slice(0, LONGEST_MESSAGE - 2))}…`
  ) as SalMessage;
}
