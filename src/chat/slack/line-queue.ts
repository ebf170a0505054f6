import type { IncomingMessage } from '../platform.js';

/** Lines on their way to whoever reads, in the order of coming. */
export class LineQueue {
  readonly #lines: IncomingMessage[] = [];
  #wake: (() => void) | undefined;

  constructor(private readonly closed: AbortSignal) {}

  put(line: IncomingMessage): void {
    this.#lines.push(line);
    this.#wake?.();
  }

  /** Ends at the signal, or when the chat is closed. What was not read stays for the next reader. */
  async *lines(signal: AbortSignal): AsyncGenerator<IncomingMessage> {
    const over = AbortSignal.any([signal, this.closed]);
    while (!over.aborted) {
      const line = this.#lines.shift();
      if (line !== undefined) yield line;
      else await this.#more(over);
    }
  }

  #more(over: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        over.removeEventListener('abort', wake);
        this.#wake = undefined;
        resolve();
      };
      this.#wake = wake;
      over.addEventListener('abort', wake, { once: true });
      if (over.aborted) wake();
    });
  }
}
