/** Bytes of one line that are kept; far more than any line that is read, far less than what hurts. */
const MOST_BYTES = 65_536;

const LINE_FEED = 0x0a;

/**
 * Cuts bytes into lines: LF or CRLF ends one, the end of the input the last. Invalid UTF-8 becomes U+FFFD. Of a line
 * without an end only the beginning is kept, so that no input can fill the memory.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const line = new LineUnderWay();
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      line.add(bytes.subarray(from, at));
      yield line.take();
      from = at + 1;
    }
    line.add(bytes.subarray(from));
  }
  if (!line.isEmpty()) yield line.take();
}

class LineUnderWay {
  #kept: Uint8Array[] = [];
  #size = 0;

  add(bytes: Uint8Array): void {
    const part = bytes.subarray(0, MOST_BYTES - this.#size);
    this.#size += part.length;
    // A copy: a few bytes must not keep the whole chunk that they came in.
    if (part.length > 0) this.#kept.push(Uint8Array.from(part));
  }

  isEmpty(): boolean {
    return this.#size === 0;
  }

  take(): string {
    const line = new TextDecoder().decode(Buffer.concat(this.#kept)).replace(/\r$/, '');
    this.#kept = [];
    this.#size = 0;
    return line;
  }
}
