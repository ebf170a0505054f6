const LINE_FEED = 0x0a;

/** A line came in that is longer than anything that is ever said. */
export class LineTooLong extends Error {
  constructor(readonly longest: number) {
    super(`a line of more than ${longest} bytes`);
  }
}

/** Bytes to lines: LF ends one, the end the last. Throws LineTooLong instead of collecting what has no end. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, longest: number): AsyncGenerator<string> {
  let kept: Uint8Array[] = [];
  let size = 0;
  const keep = (bytes: Uint8Array): void => {
    size += bytes.length;
    if (size > longest) throw new LineTooLong(longest);
    kept.push(bytes);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      keep(chunk.subarray(from, at));
      yield Buffer.concat(kept).toString('utf8');
      kept = [];
      size = 0;
      from = at + 1;
    }
    keep(chunk.subarray(from));
  }
  const rest = Buffer.concat(kept);
  if (rest.length > 0) yield rest.toString('utf8');
}
