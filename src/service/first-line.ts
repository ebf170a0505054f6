import type { Socket } from 'node:net';

const LINE_FEED = 0x0a;

/**
 * The first line that comes in, or what came before the other side ended; `too-long` when it has no end within
 * `longest` bytes, undefined when nothing came at all. Whatever follows is read and dropped, so that the end is seen.
 */
export function firstLine(
  socket: Socket,
  longest: number,
): Promise<{ readonly line: string } | 'too-long' | undefined> {
  return new Promise((resolve) => {
    let kept = Buffer.alloc(0);
    const settle = (outcome: { readonly line: string } | 'too-long' | undefined): void => {
      socket.off('data', add).off('end', end).off('close', end);
      socket.resume();
      resolve(outcome);
    };
    const add = (chunk: Buffer): void => {
      kept = Buffer.concat([kept, chunk]);
      const at = kept.indexOf(LINE_FEED);
      if ((at < 0 ? kept.length : at) > longest) settle('too-long');
      else if (at >= 0) settle({ line: kept.subarray(0, at).toString('utf8') });
    };
    const end = (): void => settle(kept.length === 0 ? undefined : { line: kept.toString('utf8') });
    socket.on('data', add).on('end', end).on('close', end);
  });
}
