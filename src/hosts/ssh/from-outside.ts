import { explainError } from '../../domain/errors.js';
import { oneLine, shorten } from '../../domain/text.js';

/** The library's words for what went wrong, fit to be shown: they can hold what a host has said. Pure. */
export function fromOutside(error: unknown): string {
  return oneLine(shorten(explainError(error), 200));
}
