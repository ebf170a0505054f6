import { on } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { columnsOf } from './columns-of.js';
import { openKeys } from './keys.js';
import { openPen, type Pen } from './pen.js';
import type { Screen } from './screen.js';
import { textWidth } from './text-width.js';

export interface Prompt extends Disposable {
  /** What is entered, in order, until end of input, an interrupt on an empty line, or the signal. */
  lines(signal: AbortSignal): AsyncIterable<string>;
  /** What stands before the line, such as `alice> `. */
  show(label: string): void;
}

export interface PromptParts {
  readonly input: Readable;
  readonly output: Writable & { readonly columns?: number };
  readonly screen: Screen;
  /** Whole lines that a beginning may become. Pure. */
  readonly complete: (typed: string) => readonly string[];
}

/**
 * A line editor at the bottom of the screen. What is entered vanishes from there: it is printed as what was said.
 * Control-C clears the line, and on an empty one it ends the input, as Control-D does.
 */
export function openPrompt({ input, output, screen, complete }: PromptParts): Prompt {
  const pen = openPen(output);
  const keys = openKeys(input, () => editor.line.length);
  const editor: Interface = createInterface({
    input: keys.stream,
    output: pen.output,
    terminal: true,
    historySize: 200,
    completer: (typed: string): [string[], string] => [[...complete(typed)], typed],
  });
  const area = {
    rowsAbove: () => editor.getCursorPos().rows,
    redraw: () => editor.prompt(true),
  };
  keepCountOfRows(keys.stream, editor, pen);
  editor.on('line', (line) => {
    screen.entered(Math.floor(textWidth(editor.getPrompt() + line) / columnsOf(output)) + 1);
  });
  editor.on('SIGINT', () => {
    if (editor.line === '') editor.close();
    else {
      editor.write(null, { ctrl: true, name: 'e' });
      editor.write(null, { ctrl: true, name: 'u' });
    }
  });
  editor.on('close', () => {
    keys[Symbol.dispose]();
    screen.setPrompt(undefined);
  });

  return {
    async *lines(signal) {
      screen.setPrompt(area);
      try {
        for await (const [line] of on(editor, 'line', { signal, close: ['close'] })) yield String(line);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    show(label) {
      editor.setPrompt(label);
    },
    [Symbol.dispose]: () => editor.close(),
  };
}

/**
 * The editor erases as many rows as it drew last, but takes no note of rows that pasted text has added (Node 20: of
 * text that arrives in one piece only the last character may cause a redraw). A redraw that nobody sees brings its
 * count up to date.
 */
function keepCountOfRows(input: Readable, editor: Interface, pen: Pen): void {
  let counted = 0;
  input.on('keypress', () => {
    const { rows } = editor.getCursorPos();
    if (rows !== counted) pen.unseen(() => editor.prompt(true));
    counted = rows;
  });
}
