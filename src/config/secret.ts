import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/**
 * A value that must not be seen. However it is printed, logged, inspected or put into JSON, it says `[secret]`; only
 * `reveal` gives it out, for the one call that needs it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
