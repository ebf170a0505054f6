import { Writable } from 'node:stream';
import { columnsOf } from './columns-of.js';

type Terminal = Writable & { readonly columns?: number };

/** A terminal that a line editor writes to, and that can look the other way for a moment. */
export interface Pen {
  readonly output: Terminal;
  /** Whatever is written meanwhile does not reach the terminal. Synchronous. */
  unseen(write: () => void): void;
}

export function openPen(terminal: Terminal): Pen {
  let seen = true;
  const output = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      if (seen) terminal.write(chunk);
      done();
    },
  });
  Object.defineProperty(output, 'columns', { get: () => columnsOf(terminal) });
  terminal.on('resize', () => output.emit('resize'));
  return {
    output,
    unseen(write) {
      seen = false;
      write();
      seen = true;
    },
  };
}
