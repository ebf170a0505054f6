import { Writable } from 'node:stream';

/**
 * A terminal that shows in plain text what a person would see: line feeds, carriage returns, wrapping at the last
 * column, scrolling, and the few escape sequences that line editors use. Any other sequence throws, so that a test
 * cannot pass by ignoring what would garble a real screen. Colours are left out.
 */
export class VirtualScreen extends Writable {
  readonly isTTY = true;
  readonly #cells: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(readonly columns = 80) {
    super({ decodeStrings: false });
  }

  /** Everything that was ever shown and not erased, scrolled out of view or not. */
  text(): string {
    return this.#cells
      .map((row) =>
        Array.from(row, (cell) => cell || ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  /** Row and column of the cursor, from 0. */
  cursor(): readonly [row: number, column: number] {
    return [this.#row, this.#column];
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    let rest = chunk.toString();
    while (rest !== '') {
      const [escape, count = '', letter = ''] =
        /^\u001b\[(\d*)([A-Za-z])/.exec(rest) ?? /^\u001b\[\d+;\d+([A-Z])/.exec(rest) ?? [];
      if (escape !== undefined) this.#steer(letter, Number(count || 1), count);
      else this.#put(rest.charAt(0));
      rest = rest.slice(escape?.length ?? 1);
    }
    done();
  }

  #steer(letter: string, count: number, given: string): void {
    switch (letter) {
      case 'A':
        if (count > this.#row) throw new Error('the cursor left the top of the screen');
        this.#row -= count;
        return;
      case 'B':
        this.#row += count;
        return;
      case 'C':
        this.#column += count;
        return;
      case 'D':
        this.#column -= count;
        return;
      case 'G':
        this.#column = count - 1;
        return;
      case 'J':
        if (given !== '' && given !== '0') throw new Error(`unexpected erasure ${given}`);
        this.#current().length = Math.min(this.#current().length, this.#column);
        this.#cells.length = this.#row + 1;
        return;
      case 'K':
        this.#current().length = Math.min(this.#current().length, this.#column);
        return;
      case 'm':
        return;
      default:
        throw new Error(`unexpected escape sequence ${letter}`);
    }
  }

  #put(char: string): void {
    if (char === '\r') this.#column = 0;
    else if (char === '\n') {
      this.#row += 1;
      this.#column = 0;
    } else if (char < ' ') throw new Error(`unexpected control character ${char.charCodeAt(0)}`);
    else {
      if (this.#column === this.columns) {
        this.#row += 1;
        this.#column = 0;
      }
      this.#current()[this.#column] = char;
      this.#column += 1;
    }
    this.#current();
  }

  #current(): string[] {
    while (this.#cells.length <= this.#row) this.#cells.push([]);
    return this.#cells[this.#row]!;
  }
}
