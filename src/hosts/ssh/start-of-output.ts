/** More than a start-up file has any reason to say. */
const MOST_NOISE = 256 * 1024;

const LONGEST_NUMBER = 24;

/**
 * Takes what a login shell says apart: what its start-up files say, then the mark with the number of the command's process
 * group, then the command's own output.
 */
export class StartOfOutput {
  #group: number | undefined;
  #held: Buffer = Buffer.alloc(0);
  readonly #mark: Buffer;

  constructor(mark: string) {
    this.#mark = Buffer.from(`${mark} `);
  }

  /** Known once the command has begun. */
  get group(): number | undefined {
    return this.#group;
  }

  /** What was said instead, where the command never began. */
  get noise(): string {
    return this.#held.toString('utf8').trim();
  }

  /** What of this is the command's output. */
  push(chunk: Buffer): Buffer | undefined {
    if (this.#group !== undefined) return chunk;
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const start = this.#held.indexOf(this.#mark);
    const end = start < 0 ? -1 : this.#held.indexOf('\n', start);
    if (end < 0) {
      const rest = this.#mark.length + LONGEST_NUMBER;
      if (this.#held.length > MOST_NOISE) this.#held = Buffer.from(this.#held.subarray(-rest));
      return undefined;
    }
    this.#group = Number(this.#held.toString('latin1', start + this.#mark.length, end));
    const output = this.#held.subarray(end + 1);
    this.#held = Buffer.alloc(0);
    return output.length === 0 ? undefined : output;
  }
}
