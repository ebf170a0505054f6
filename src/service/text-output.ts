import type { Writable } from 'node:stream';

/** A stream of the process as far as text goes. */
export interface TextOutput {
  /** Resolves once the stream has it, also when nobody reads any more (`| head`). Rejects when it cannot be written. */
  write(lines: readonly string[]): Promise<void>;
  /** Ends when nobody reads any more. */
  readonly gone: AbortSignal;
}

export function openTextOutput(stream: Writable): TextOutput {
  const gone = new AbortController();
  // Unheard, the error of a closed pipe would end the process.
  stream.on('error', () => gone.abort());
  return {
    gone: gone.signal,
    write: (lines) =>
      new Promise((resolve, reject) => {
        if (gone.signal.aborted || lines.length === 0) {
          resolve();
          return;
        }
        stream.write(lines.map((line) => `${line}\n`).join(''), (error) => {
          if (error && !isClosedPipe(error)) reject(error);
          else resolve();
        });
      }),
  };
}

function isClosedPipe(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
