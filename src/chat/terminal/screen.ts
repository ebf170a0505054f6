import type { Writable } from 'node:stream';
import { NotSent } from '../errors.js';

/** What stands at the bottom while a person types. */
export interface PromptArea {
  /** Rows of it above the cursor's. */
  rowsAbove(): number;
  /** Draws it anew. The cursor is as many rows below the top of the area as there were rows above it before. */
  redraw(): void;
}

export interface Screen {
  /** Writes whole lines above whatever stands at the bottom. Resolves once the stream has them; throws NotSent. */
  print(lines: readonly string[]): Promise<void>;
  /** Keeps one line at the bottom, until it is undefined. Only terminals can: elsewhere nothing happens. */
  live(line: string | undefined): void;
  /** Removes what was typed and entered, which took so many rows: it will be printed as a line of its own. */
  entered(rows: number): void;
  setPrompt(area: PromptArea | undefined): void;
  /** Ends when nobody can read any more. */
  readonly gone: AbortSignal;
}

/** A screen on any stream: a terminal is drawn on, everything else is only written to. */
export function openScreen(output: Writable, kind: 'drawn' | 'written'): Screen {
  const gone = new AbortController();
  // A pipe whose reader left (`| head`) reports it here; unheard, it would end the process.
  output.on('error', (error: Error) => gone.abort(error));
  output.on('close', () => gone.abort(new Error('the output is closed')));
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (gone.signal.aborted) reject(new NotSent('the terminal is gone', { cause: gone.signal.reason }));
      else {
        output.write(text, (error) => {
          if (error) reject(new NotSent('the terminal is gone', { cause: error }));
          else resolve();
        });
      }
    });
  return kind === 'drawn' ? drawnScreen(write, gone.signal) : writtenScreen(write, gone.signal);
}

type Write = (text: string) => Promise<void>;

function writtenScreen(write: Write, gone: AbortSignal): Screen {
  return {
    print: (lines) => write(lines.map((line) => `${line}\n`).join('')),
    live() {
      // A file or a pipe cannot take a line back.
    },
    entered() {
      // Nobody has typed anything here.
    },
    setPrompt() {
      // Nor will they.
    },
    gone,
  };
}

/** From the bottom: the prompt when somebody types, above it the live line when there is one, above that what was said. */
function drawnScreen(write: Write, gone: AbortSignal): Screen {
  let live: string | undefined;
  let prompt: PromptArea | undefined;

  const upToTop = (): number => (prompt?.rowsAbove() ?? 0) + (live !== undefined && prompt ? 1 : 0);
  const redraw = async (
    rowsUp: number,
    above: readonly string[],
    newLive: string | undefined,
  ): Promise<void> => {
    const erased = `${rowsUp > 0 ? `\u001b[${rowsUp}A` : ''}\r\u001b[J`;
    const said = above.map((line) => `${line}\n`).join('');
    live = newLive;
    const bottom = prompt
      ? `${live === undefined ? '' : `${live}\n`}${'\n'.repeat(prompt.rowsAbove())}`
      : (live ?? '');
    const written = write(erased + said + bottom);
    prompt?.redraw();
    await written;
  };
  const quietly = (drawing: Promise<void>): void => {
    // Nothing is lost when a status cannot be drawn; `gone` tells everybody who cares.
    drawing.catch(() => undefined);
  };

  return {
    print: (lines) => redraw(upToTop(), lines, live),
    live(line) {
      if (line !== live) quietly(redraw(upToTop(), [], line));
    },
    entered(rows) {
      quietly(redraw(rows + (live === undefined ? 0 : 1), [], live));
    },
    setPrompt(area) {
      const rows = upToTop();
      prompt = area;
      quietly(redraw(rows, [], live));
    },
    gone,
  };
}
