/** Messages that wait to be read. Of a flood that nobody reads the oldest are dropped. */
export class IncomingQueue<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;

  constructor(private readonly most: number) {}

  push(item: T): void {
    this.#items.push(item);
    if (this.#items.length > this.most) this.#items.shift();
    this.#wake?.();
  }

  /** Each is read once, by one reader at a time; ends at the signal. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted) {
        const item = this.#items.shift();
        if (item === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
        else yield item;
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}
