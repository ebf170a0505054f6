import type { RawMessage } from 'irc-framework';
import { oneLine, shorten } from '../../domain/text.js';
import type { IrcConnection } from './connection.js';
import { folded } from '../irc-names.js';
import { withoutFormats } from './rich-text.js';

export interface OutLine {
  readonly target: string;
  /** As it goes over the wire. */
  readonly text: string;
}

export type LineOutcome =
  | { readonly kind: 'taken'; readonly proof: string }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'unknown' };

interface InFlight {
  readonly label: string;
  readonly target: string;
  readonly plain: string;
  readonly settle: (outcome: LineOutcome) => void;
  /** The question that the server answers after it has dealt with the line. */
  fence: number | undefined;
}

/** What a server answers to a line for a target that it does not take. */
const REFUSED = ['401', '402', '403', '404', '407', '408', '413', '414', '415', '442', '477', '486', '531'];

/**
 * What became of the lines that went out on one connection: a server that echoes shows each of them to us, a server
 * that refuses one says so, and a PING after them is answered once it has dealt with all of them.
 */
export class Deliveries {
  readonly #inFlight = new Set<InFlight>();
  #labels = 0;
  #fences = 0;

  constructor(private readonly connection: IrcConnection) {}

  write({ target, text }: OutLine, settle: (outcome: LineOutcome) => void): void {
    this.#labels += 1;
    const label = `s${this.#labels}`;
    this.#inFlight.add({ label, target: folded(target), plain: plain(text), settle, fence: undefined });
    const tag = this.connection.has('labeled-response') ? `@label=${label} ` : '';
    this.connection.write(`${tag}PRIVMSG ${target} :${text}`);
  }

  /** Whether the server answers each line by itself; else it is asked after them. */
  get answersEach(): boolean {
    return this.connection.has('labeled-response') && this.connection.has('echo-message');
  }

  /** Asks the server to say when it has dealt with everything up to here. */
  fence(): void {
    this.#fences += 1;
    for (const line of this.#inFlight) line.fence ??= this.#fences;
    this.connection.write(`PING :f${this.#fences}`);
  }

  hear(message: RawMessage): void {
    const { command, params, nick, tags } = message;
    if (command === 'PRIVMSG' && folded(nick) === folded(this.connection.nick())) {
      const [target = '', text = ''] = params;
      const line = this.#labelled(tags['label']) ?? this.#echoed(folded(target), plain(text));
      if (line !== undefined) this.#settle(line, { kind: 'taken', proof: tags['msgid'] ?? 'echo' });
    } else if (command === 'PONG') {
      const [, fence] = /^f(\d+)$/.exec(params.at(-1) ?? '') ?? [];
      if (fence !== undefined) this.#passed(Number(fence));
    } else if (command === 'ACK') {
      // It has nothing to say about the line: so nobody was shown it.
      const line = this.#labelled(tags['label']);
      if (line !== undefined) this.#settle(line, { kind: 'unknown' });
    } else if (/^[45]\d\d$/.test(command) || command === 'FAIL') {
      const named = REFUSED.includes(command) ? folded(params[1] ?? '') : undefined;
      const line = this.#labelled(tags['label']) ?? this.#first(({ target }) => target === named);
      const because = shorten(oneLine(params.at(-1) ?? command), 200);
      if (line !== undefined) this.#settle(line, { kind: 'refused', because });
    }
  }

  /** The connection is over. */
  lost(): void {
    for (const line of this.#inFlight) this.#settle(line, { kind: 'unknown' });
  }

  #passed(fence: number): void {
    const echoes = this.connection.has('echo-message');
    for (const line of this.#inFlight)
      if (line.fence !== undefined && line.fence <= fence)
        this.#settle(line, echoes ? { kind: 'unknown' } : { kind: 'taken', proof: `pong ${fence}` });
  }

  #labelled(label: string | undefined): InFlight | undefined {
    return label === undefined ? undefined : this.#first((line) => line.label === label);
  }

  /** A server may change what a channel does not allow: then it is the oldest one for that target. */
  #echoed(target: string, text: string): InFlight | undefined {
    return (
      this.#first((line) => line.target === target && line.plain === text) ??
      this.#first((line) => line.target === target)
    );
  }

  #first(isIt: (line: InFlight) => boolean): InFlight | undefined {
    for (const line of this.#inFlight) if (isIt(line)) return line;
    return undefined;
  }

  #settle(line: InFlight, outcome: LineOutcome): void {
    this.#inFlight.delete(line);
    line.settle(outcome);
  }
}

const plain = (text: string): string => withoutFormats(text).trim();
