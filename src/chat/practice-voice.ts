import type { Identity } from '../access/person.js';
import { closest } from '../domain/suggest.js';
import { listed } from '../domain/text.js';
import { type Mistake, quote } from './mistake.js';

/** Whether somebody may speak for others (`/as NAME`, `--as NAME`), for whom, and why (not). */
export type Practice =
  | { readonly allowed: true; readonly people: readonly string[] }
  | { readonly allowed: false; readonly because: string };

/** The identity of the one spoken for, or why that is not possible. Pure. */
export function speakAs(
  name: string,
  practice: Practice,
): { readonly identity: Identity } | { readonly mistake: Mistake } {
  if (!practice.allowed) {
    return { mistake: { what: `Nobody can be spoken for here: ${practice.because}.` } };
  }
  const found = practice.people.find((person) => person.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return { identity: { kind: 'practice', name: found } };
  const meant = closest(name, practice.people);
  return {
    mistake: {
      what: `There is no person ${quote(name)}; known are ${listed(practice.people)}.`,
      ...(meant !== undefined && { didYouMean: meant }),
    },
  };
}
