import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import { clockTime } from '../../domain/instant.js';
import { shorten } from '../../domain/text.js';
import { addressed } from '../addressed.js';
import { type Block, type Message, message, paragraph } from '../message.js';
import type { ChatPlatform, IncomingMessage } from '../platform.js';
import type { Practice } from '../practice-voice.js';
import { columnsOf } from './columns-of.js';
import { linesOf } from './lines-of.js';
import type { Colours } from './paint.js';
import { type Piece, piece } from './pieces.js';
import { openPrompt } from './prompt.js';
import { type Look, renderInOneLine, renderMessage } from './render-message.js';
import { openScreen } from './screen.js';
import { ownSlashCommands } from './own-slash-commands.js';
import { runSlash, type SlashCommand, type SlashCommands, withoutSlash } from './slash.js';
import { openVoice, type Voice } from './voice.js';

export interface TerminalParts {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly colours: Colours;
  /** Kind of terminal, the value of TERM: a `dumb` one cannot be drawn on. */
  readonly term: string | undefined;
  readonly clock: Clock;
  /** The unix user who started the process: who speaks until `/as` says otherwise. */
  readonly unixUser: string;
  /** What that user is called in the channel, where it is not the name of the user: `alice`. */
  readonly calledHere?: string;
  readonly practice: Practice;
  /** How a line for us begins in a channel: `!switchdc`. Here it may be left out. */
  readonly prefix: string;
  /** Where what is typed is said: `#operations`. */
  readonly channel: string;
  /** Who answers: `switchdc`. */
  readonly speaker: string;
  /** Names this process among all that use the same files: makes the ids of messages unique. */
  readonly session: string;
  /** Besides `/as`, `/help` and `/quit`, which the terminal has itself. */
  readonly slash: SlashCommands;
  /** Whole lines that a beginning may become. Pure. */
  readonly complete: (typed: string) => readonly string[];
}

/** The terminal as a chat: everything is shown as it would be said in a channel. */
export interface TerminalChat extends ChatPlatform {
  /** One status line that stays at the bottom of a terminal until it is undefined; elsewhere it is not shown. */
  live(status: Block | undefined): void;
  /** Shows what somebody else said in the channel, spoken for in practice. */
  overhear(name: string, line: string): Promise<void>;
}

/** Columns of a line that go to the time; what does not fit on the first line starts after them. */
const TIME_COLUMNS = '[14:00:02] '.length;

/** Narrower terminals break the lines themselves. */
const LEAST_COLUMNS = 20;

/** Characters of a typed line that are shown again; what is longer was pasted by mistake. */
const MOST_SHOWN = 500;

/**
 * Opens the terminal. With a person at it there is a prompt; input that is no terminal is read line by line, each
 * answered before the next is taken, until it ends.
 */
export function openTerminalChat(parts: TerminalParts): TerminalChat {
  const isDrawable = parts.output.isTTY === true && parts.term !== 'dumb';
  const screen = openScreen(parts.output, isDrawable ? 'drawn' : 'written');
  const interactive = parts.input.isTTY === true && isDrawable;
  const prompt = interactive ? openPrompt({ ...parts, screen }) : undefined;
  const voice = openVoice(parts.unixUser, parts.calledHere ?? parts.unixUser, parts.practice);
  const closed = new AbortController();
  let count = 0;

  const columns = (): number => columnsOf(parts.output);
  const look = (): Look => ({
    width: parts.output.isTTY === true ? Math.max(LEAST_COLUMNS, columns() - TIME_COLUMNS) : Infinity,
    colours: parts.colours,
  });
  const nextId = (): string => `${parts.session}-${(count += 1)}`;
  const print = (lead: readonly Piece[], text: Message): Promise<void> => {
    const [first = '', ...others] = renderMessage(text, look(), lead);
    const time = `[${clockTime(parts.clock.now())}] `;
    return screen.print([time + first, ...others.map((line) => ' '.repeat(TIME_COLUMNS) + line)]);
  };
  const printQuietly = async (lead: readonly Piece[], text: Message): Promise<void> => {
    // Nobody is left to read it; `screen.gone` ends the reading too.
    await print(lead, text).catch(() => undefined);
  };

  async function* incoming(signal: AbortSignal): AsyncIterable<IncomingMessage> {
    const quit = new AbortController();
    const until = AbortSignal.any([signal, quit.signal, closed.signal, screen.gone]);
    const slash: SlashCommands = new Map<string, SlashCommand>([
      ...parts.slash,
      ...ownSlashCommands(voice, quit, parts.slash),
    ]);
    prompt?.show(voice.label());
    for await (const typed of prompt ? prompt.lines(until) : pipedLines(parts.input, until)) {
      const line = typed.trim();
      if (line === '') continue;
      const slashMissing = withoutSlash(line, slash, parts.complete);
      const isSaid = slashMissing === undefined && !line.startsWith('/');
      await printQuietly(typedLine(isSaid ? parts.channel : undefined, voice, line), {
        tone: 'plain',
        blocks: [],
      });
      if (slashMissing !== undefined) {
        await printQuietly([piece('-- ', 'dim')], slashMissing);
      } else if (line.startsWith('/')) {
        const shown = await runSlash(line, slash, until).catch(slashFailed);
        prompt?.show(voice.label());
        if (shown !== undefined) await printQuietly([piece('-- ', 'dim')], shown);
      } else {
        yield {
          id: nextId(),
          from: { platform: 'terminal', channel: parts.channel },
          sender: voice.identity(),
          calledThere: voice.name(),
          text: forUs(line, parts),
          at: parts.clock.now(),
        };
      }
      if (until.aborted) return;
    }
  }

  return {
    name: 'terminal',
    limits: { maxBytes: Number.MAX_SAFE_INTEGER, threads: false, edits: false, readback: false },
    incoming,
    async send(to, text) {
      await print([piece(`${to.channel} `, 'dim'), piece(`<${parts.speaker}> `, 'strong')], text);
      return { to, id: nextId() };
    },
    findSent: () => Promise.resolve(undefined),
    async revise(ref, text) {
      // What has scrolled by cannot be changed: the new state is said below it.
      return this.send(ref.to, text, ref.id);
    },
    overhear: (name, line) =>
      print(
        [
          piece(`${parts.channel} `, 'dim'),
          piece(`<${name}> `),
          piece('[PRACTICE] ', 'warning'),
          piece(shorten(line, MOST_SHOWN)),
        ],
        { tone: 'plain', blocks: [] },
      ),
    live(status) {
      screen.live(status && renderInOneLine(status, { ...look(), width: columns() - 1 }));
    },
    async [Symbol.asyncDispose]() {
      closed.abort(new Error('the terminal is closed'));
      screen.live(undefined);
      prompt?.[Symbol.dispose]();
      await Promise.resolve();
    },
  };
}

/** What a person typed, as the others in the channel see it, or without a channel where it is not said in one. */
function typedLine(channel: string | undefined, voice: Voice, line: string): readonly Piece[] {
  const mark = voice.practising() ? [piece('[PRACTICE] ', 'warning')] : [];
  const where = channel === undefined ? [] : [piece(`${channel} `, 'dim')];
  return [...where, piece(`<${voice.name()}> `), ...mark, piece(shorten(line, MOST_SHOWN))];
}

/** Everything that is said here is for us: the prefix may be left out, and people begin with a bot's name. */
function forUs(line: string, { prefix, speaker }: Pick<TerminalParts, 'prefix' | 'speaker'>): string {
  return addressed(line, prefix) === undefined ? `${prefix} ${addressed(line, speaker) ?? line}` : line;
}

async function* pipedLines(input: Readable, until: AbortSignal): AsyncIterable<string> {
  const stop = (): void => void input.destroy();
  until.addEventListener('abort', stop, { once: true });
  try {
    if (!until.aborted) yield* linesOf(input);
  } catch (error) {
    if (!until.aborted) throw error;
  } finally {
    until.removeEventListener('abort', stop);
  }
}

function slashFailed(error: unknown): Message {
  return message('warning', paragraph(`That did not work: ${explainError(error)}.`));
}
