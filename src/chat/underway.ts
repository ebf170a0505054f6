/** Something that is being sent, for an entry of the journal. */
interface Sending {
  readonly position: number;
}

/** What is being sent, and up to which entry of the journal everything has come to its end. */
export class Underway {
  readonly #sendings = new Set<Sending>();
  #passed: number;
  #waiting: (() => void)[] = [];

  constructor(
    position: number,
    /** Told whenever `settled` may have grown. */
    private readonly moved: () => void,
  ) {
    this.#passed = position;
  }

  /** `work` never rejects. */
  add(position: number, work: Promise<unknown>): void {
    const sending = { position };
    this.#sendings.add(sending);
    void work.then(() => {
      this.#sendings.delete(sending);
      const woken = this.#waiting;
      this.#waiting = [];
      for (const wake of woken) wake();
      this.moved();
    });
  }

  /** Everything of the entries up to here has been handed over. */
  pass(position: number): void {
    this.#passed = Math.max(this.#passed, position);
    this.moved();
  }

  /** Everything up to here has been sent, or could not be. */
  settled(): number {
    return Math.min(this.#passed, ...[...this.#sendings].map(({ position }) => position - 1));
  }

  /** Resolves once at most this many are being sent. */
  async atMost(count: number): Promise<void> {
    while (this.#sendings.size > count)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
  }
}
