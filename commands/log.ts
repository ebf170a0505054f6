import type { Call, Command, Reply } from '../src/chat/command.js';
import { grammar, type Grammar } from '../src/chat/grammar.js';
import { say } from '../src/chat/message.js';
import { restOfLine } from '../src/chat/parameter.js';
import { answered, refused } from '../src/chat/reply.js';
import { valueOf } from '../src/chat/value.js';
import { salEntryJson } from './sal-entry-json.js';
import { type SalMessage, salMessage } from '../src/sal/message.js';
import type { Sal } from '../src/sal/sal.js';
import type { SalEntry } from '../src/sal/entry.js';

export interface LogArgs {
  readonly message: string;
}

export interface LogParts {
  readonly sal: Pick<Sal, 'log'>;
  /** The project that a chat logs for, or undefined where nothing is logged. */
  projectOf(chat: string): string | undefined;
  /** Where people read an entry, or undefined where there is no such page. */
  linkTo(entry: SalEntry): string | undefined;
}

type Draft = Parameters<Sal['log']>[0];

/** Writes one entry; the same message delivered twice makes one. Throws SalUnavailable. */
export function logCommand(parts: LogParts): Command<LogArgs> {
  const logGrammar: Grammar<LogArgs> = grammar({
    // What is wrong with a message is said by the log itself; here anything counts.
    message: restOfLine({
      name: 'MESSAGE',
      means: 'what you did, in your own words',
      value: valueOf('TEXT', 'a message', (text) => text),
    }),
  });
  return {
    words: ['log'],
    summary: 'write a line to the Server Admin Log',
    example: 'log restarted the job runners, they did not reconnect - T12345',
    requires: 'log',
    writes: true,
    grammar: logGrammar,
    objection: (args, call) => {
      const draft = draftOf(args.message, call, parts);
      return Promise.resolve('status' in draft ? draft : undefined);
    },
    run: (args, call) => log(args.message, call, parts),
  };
}

/** What would be logged, or why nothing is. Pure. */
function draftOf(text: string, call: Call, parts: LogParts): Draft | Reply {
  const project = parts.projectOf(call.chat);
  if (project === undefined)
    return refused(`${call.chat} logs for no project`, 'a channel that the configuration gives one');
  if (call.person === undefined) return refused('an entry needs an author', 'to be in the configuration');
  const message = salMessage(text);
  if (!message.ok) return refused(message.problem, message.needed);
  const relayed = call.person.isBot === true ? relayedBy(message.message) : undefined;
  return {
    at: call.now,
    author: relayed?.author ?? call.person.name,
    project,
    message: relayed?.message ?? message.message,
    source: { kind: 'message', id: call.messageId },
  };
}

/** `alice@deploy1002 synced the train`: what a trusted bot passes on is the word of somebody else. Pure. */
function relayedBy(text: SalMessage): { readonly author: string; readonly message: SalMessage } | undefined {
  const [, author, rest] = /^([^\s@]{1,64}@[^\s@]{1,255})\s+(\S.*)$/s.exec(text) ?? [];
  const message = rest === undefined ? undefined : salMessage(rest);
  return author === undefined || message?.ok !== true ? undefined : { author, message: message.message };
}

async function log(text: string, call: Call, parts: LogParts): Promise<Reply> {
  const draft = draftOf(text, call, parts);
  if ('status' in draft) return draft;
  const entry = await parts.sal.log(draft);
  const link = parts.linkTo(entry);
  const where = link === undefined ? [` as entry ${entry.id}.`] : [' at ', { link, text: link }];
  return answered(say('Logged the message', ...where), salEntryJson(entry));
}
