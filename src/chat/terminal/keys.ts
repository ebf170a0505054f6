import { type Readable, Transform } from 'node:stream';
import { withoutControls } from '../../domain/text.js';

/** Characters that a line may have while it is edited: more than any command may have, so that it is told of that. */
const MOST_EDITED = 5_000;

/** Escape sequences of keys such as the arrows, single control characters, and runs of text. */
const PARTS = /\u001b(?:\[[\d;]*[@-~]?|O[A-Z])?|[\u0000-\u001f\u007f]|[^\u0000-\u001f\u007f]+/g;

type Input = Readable & { setRawMode?(mode: boolean): unknown };

/** What is typed and pasted, as a line editor may have it. Disposing of it leaves the input paused. */
export interface Keys extends Disposable {
  readonly stream: Readable;
}

/**
 * Keys pass as they are. Text is made printable, since an editor shows at once what it gets: the 8-bit controls steer
 * a terminal as escape sequences do. Of a line that is too long only the beginning passes: an editor looks at its
 * whole line for each character, which for a pasted file would take minutes. `edited` is the length of the line now.
 */
export function openKeys(input: Input, edited: () => number): Keys {
  const decoder = new TextDecoder();
  const stream = new Transform({
    decodeStrings: true,
    transform(chunk: Buffer, _encoding, done) {
      done(null, editable(decoder.decode(chunk, { stream: true }), MOST_EDITED - edited()));
    },
  });
  Object.assign(stream, { setRawMode: (mode: boolean) => input.setRawMode?.(mode) });
  // A terminal that has gone away can be read no more, as one at its end.
  input.on('error', () => stream.end());
  input.pipe(stream);
  return {
    stream,
    [Symbol.dispose]() {
      input.unpipe(stream);
      input.pause();
    },
  };
}

function editable(typed: string, roomAtFirst: number): string {
  let room = Math.max(0, roomAtFirst);
  return typed.replace(PARTS, (part) => {
    if (part === '\r' || part === '\n') room = MOST_EDITED;
    if (/^[\u0000-\u001f\u007f]/.test(part)) return part;
    const kept = withoutControls(part.slice(0, room));
    room -= kept.length;
    return kept;
  });
}
