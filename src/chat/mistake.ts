import { oneLine, shorten } from '../domain/text.js';

/** What somebody typed that no command can use. A value, never thrown; short enough for one line of any chat. */
export interface Mistake {
  /** One sentence that quotes what was typed. */
  readonly what: string;
  /** The word that was probably meant. */
  readonly didYouMean?: string;
  /** How the command is written. */
  readonly usage?: string;
}

/** Somebody's words inside a sentence of ours: one line, short, in quotes. */
export function quote(typed: string): string {
  return `"${shorten(oneLine(typed), 40)}"`;
}
