import { Writable } from 'node:stream';
import { say } from '../../../src/chat/message.js';
import type { IncomingMessage } from '../../../src/chat/platform.js';
import type { SlashCommand } from '../../../src/chat/terminal/slash.js';
import {
  openTerminalChat,
  type TerminalChat,
  type TerminalParts,
} from '../../../src/chat/terminal/terminal-chat.js';
import { instant, parseInstant } from '../../../src/domain/instant.js';

/** What was written, as text. */
export class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export const noon = parseInstant('2026-03-25T14:00:02Z') ?? instant(0);
const clock = { now: () => noon, sleepUntil: () => Promise.resolve() };

const world: SlashCommand = {
  usage: '/world [PART]',
  means: 'show the world',
  run: async (words) =>
    words[0] === 'boom' ? Promise.reject(new Error('no\u0007 world')) : say(`the world ${words.join('+')}`),
};

/** A terminal of alice's in #operations; answers nothing by itself. */
export function terminal(
  over: Pick<TerminalParts, 'input' | 'output'> & Partial<TerminalParts>,
): TerminalChat {
  return openTerminalChat({
    colours: 'none',
    term: 'xterm',
    clock,
    unixUser: 'alice',
    practice: { allowed: true, people: ['alice', 'bob'] },
    prefix: '!switchdc',
    channel: '#operations',
    speaker: 'switchdc',
    session: 's1',
    slash: new Map([['world', world]]),
    complete: (typed) => ['go 41 '].filter((line) => line.startsWith(typed)),
    ...over,
  });
}

export const forever = new AbortController().signal;
export const channel = { platform: 'terminal', channel: '#operations' } as const;

/** Reads everything, answering each message with its text. */
export async function talk(chat: TerminalChat, signal = forever): Promise<IncomingMessage[]> {
  const all: IncomingMessage[] = [];
  for await (const incoming of chat.incoming(signal)) {
    all.push(incoming);
    await chat.send(incoming.from, say(`you said ${incoming.text}`), 'key');
  }
  return all;
}
