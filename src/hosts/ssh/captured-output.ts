/** What a command says on one stream, up to so many bytes; what is past them is counted and let go. */
export class CapturedOutput {
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #total = 0;

  constructor(private readonly mostBytes: number) {}

  push(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = this.mostBytes - this.#kept;
    if (room <= 0) return;
    // A copy of a part that is kept: a slice would keep all of it.
    const part = chunk.length <= room ? chunk : Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(part);
    this.#kept += part.length;
  }

  /** As text; bytes that are not UTF-8 become U+FFFD, and what was cut is marked at the end. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    if (this.#total === this.#kept) return bytes.toString('utf8');
    // As a stream, so that a character that was cut in half is left out.
    const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
    return `${whole}\n[cut here: ${this.#total} bytes in all]`;
  }
}
