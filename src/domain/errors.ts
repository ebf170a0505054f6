/**
 * What a caller may do after an error: `safe` to try the same call again, `after-check` once the world has been
 * looked at (the call may have had its effect), `never`.
 */
export type Retry = 'safe' | 'after-check' | 'never';

/** Base of every error that this project throws on purpose. Told apart by class and fields, never by text. */
export abstract class SwitchdcError extends Error {
  abstract readonly retry: Retry;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A bug or a damaged file: what was read back cannot have been written by us. */
export class ImpossibleState extends SwitchdcError {
  readonly retry = 'never';
}

/** The text of anything thrown, with its causes, on one line. */
export function explainError(error: unknown): string {
  const texts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; current !== undefined && current !== null && depth < 5; depth += 1) {
    texts.push(
      current instanceof Error
        ? current.message
        : typeof current === 'string'
          ? current
          : 'something that is not an error was thrown',
    );
    current = current instanceof Error ? current.cause : undefined;
  }
  return texts.join(': ').replace(/\s+/g, ' ');
}
