/**
 * One door in: a line from any chat, the socket or the command line becomes a command, its caller a person, and what
 * the command answers the one reply.
 *
 * Invariants: every line that is for us gets exactly one reply, whatever happens; nothing is thrown; nobody runs a
 * command without the capability that it requires, checked at this very call; what went wrong inside is named to the
 * caller by an incident id and told in full only to the log. Where it is given manners, whoever says too much is left
 * without an answer, and a trusted bot is never given one.
 * What it does not do: know platforms, split messages, or remember anything.
 */
import type { Clock } from '../domain/clock.js';
import { explainError, SwitchdcError } from '../domain/errors.js';
import { oneLine, shorten } from '../domain/text.js';
import { identityText, type Identity, type Person } from '../access/person.js';
import type { Capability } from '../access/capability.js';
import { addressed } from './addressed.js';
import { commandHelp, commandHelpJson } from './command-help.js';
import type { Call, Command, Reply } from './command.js';
import type { Courtesy, Line } from './courtesy.js';
import { message, paragraph } from './message.js';
import { parse } from './parse.js';
import { destinationText, type IncomingMessage } from './platform.js';
import type { Registry } from './registry.js';
import { answered, mistaken, refused, sentence } from './reply.js';

/** Who says a line, and where. */
export interface Caller {
  readonly identity: Identity | undefined;
  /** `terminal/#operations`, or `cli`. */
  readonly chat: string;
  /** Unique over all chats. */
  readonly messageId: string;
}

/** An error that nobody expected, for the log. */
export interface Incident {
  /** What the caller was told: people quote it when they ask. */
  readonly id: string;
  readonly error: unknown;
  readonly command: string;
  readonly caller: string;
}

export interface RouterParts {
  readonly registry: Registry;
  /** How a line for us begins in a channel: `!switchdc`. */
  readonly prefix: string;
  readonly clock: Clock;
  personOf(identity: Identity | undefined): Person | undefined;
  authorise(
    person: Person | undefined,
    requires: Capability | 'anyone',
  ): { readonly ok: true } | { readonly ok: false; readonly refusal: string };
  /** How often somebody is answered in a chat; left out, always. */
  readonly courtesy?: Courtesy;
  /** A name for an incident, never the same twice. */
  newIncident(): string;
  /** Writes an incident to the log. */
  report(incident: Incident): void;
}

export interface Router {
  /** Answers a message of a channel; undefined when it is not for us. Never rejects. */
  route(incoming: IncomingMessage): Promise<Reply | undefined>;
  /** Answers a command without prefix, as text or as the words of a shell. Never rejects. */
  answer(command: string | readonly string[], caller: Caller): Promise<Reply>;
  /** The refusal that a command would get, as far as reading can tell; undefined when nothing is against it. Never rejects. */
  objection(command: string | readonly string[], caller: Caller): Promise<Reply | undefined>;
}

export function openRouter(parts: RouterParts): Router {
  const answer = async (input: string | readonly string[], caller: Caller): Promise<Reply> => {
    try {
      return await perform(parts, input, caller);
    } catch (error) {
      return failed(parts, error, input, caller);
    }
  };
  return {
    answer,
    async objection(input, caller) {
      try {
        return await objectionTo(parts, input, caller);
      } catch (error) {
        return failed(parts, error, input, caller);
      }
    },
    async route(incoming) {
      const { id, from, sender, text } = incoming;
      const command = addressed(text, parts.prefix);
      if (command === undefined) return undefined;
      const chat = destinationText(from);
      const reply = (): Promise<Reply> =>
        answer(command, { identity: sender, chat, messageId: `${chat}/${id}` });
      const { courtesy } = parts;
      // A terminal is one person's own.
      if (courtesy === undefined || from.platform === 'terminal') return reply();
      const line = lineOf(parts, incoming, command);
      const admitted = courtesy.admit(line);
      if (admitted === 'silence') return undefined;
      return courtesy.polite(line, admitted === 'yes' ? await reply() : admitted);
    },
  };
}

function lineOf(parts: RouterParts, incoming: IncomingMessage, command: string): Line {
  const [word = ''] = command.split(/\s/, 1);
  const writes = parts.registry.find(word)?.writes ?? false;
  return { incoming, person: parts.personOf(incoming.sender), writes };
}

async function perform(
  parts: RouterParts,
  input: string | readonly string[],
  caller: Caller,
): Promise<Reply> {
  const parsed = parse(input, parts.registry);
  switch (parsed.kind) {
    case 'mistake':
      return mistaken(parsed.mistake);
    case 'help':
      return parsed.command === undefined
        ? help(parts, caller)
        : answered(commandHelp(parsed.command), commandHelpJson(parsed.command));
    case 'command':
      return authorised(parts, parsed.command, parsed.args, caller);
  }
}

async function objectionTo(
  parts: RouterParts,
  input: string | readonly string[],
  caller: Caller,
): Promise<Reply | undefined> {
  const parsed = parse(input, parts.registry);
  if (parsed.kind === 'mistake') return mistaken(parsed.mistake);
  if (parsed.kind === 'help') return undefined;
  const { command, args } = parsed;
  const person = parts.personOf(caller.identity);
  const authorisation = parts.authorise(person, command.requires);
  if (!authorisation.ok) return refused(authorisation.refusal);
  return command.objection?.(args, callOf(caller, person, parts.clock));
}

/** An empty line asks for help, when there is a command for that. */
async function help(parts: RouterParts, caller: Caller): Promise<Reply> {
  const parsed = parse('help', parts.registry);
  return parsed.kind === 'command'
    ? authorised(parts, parsed.command, parsed.args, caller)
    : mistaken({ what: 'A command is missing.' });
}

async function authorised(
  parts: RouterParts,
  command: Command<unknown>,
  args: unknown,
  caller: Caller,
): Promise<Reply> {
  const person = parts.personOf(caller.identity);
  const authorisation = parts.authorise(person, command.requires);
  if (!authorisation.ok) return refused(authorisation.refusal);
  return command.run(args, callOf(caller, person, parts.clock));
}

function callOf({ identity, chat, messageId }: Caller, person: Person | undefined, clock: Clock): Call {
  const said =
    person === undefined || identity === undefined
      ? undefined
      : { person: person.name, identity: identityText(identity), chat, message: messageId };
  return { person, said, identity, chat, messageId, now: clock.now() };
}

/** Errors of our own classes are written for people and say so; the text of any other may hold a secret. */
function failed(
  parts: RouterParts,
  error: unknown,
  input: string | readonly string[],
  caller: Caller,
): Reply {
  const id = parts.newIncident();
  const command = shorten(oneLine(typeof input === 'string' ? input : input.join(' ')), 200);
  const who = caller.identity === undefined ? 'somebody unknown' : identityText(caller.identity);
  reportQuietly(parts, { id, error, command, caller: who });
  const known = error instanceof SwitchdcError;
  const what = known ? shorten(oneLine(error.message), 300) : 'Something unexpected went wrong inside';
  return {
    status: known && error.retry === 'safe' ? 'unavailable' : 'failed',
    message: message(
      'alarm',
      paragraph(sentence(what), advice(error), ' The log has the details under incident ', { code: id }, '.'),
    ),
    data: { failed: what, incident: id },
  };
}

/** A log that cannot be written, on a full disk, must not take the answer away as well. */
function reportQuietly(parts: RouterParts, incident: Incident): void {
  try {
    parts.report(incident);
  } catch {
    // The caller is told of the incident all the same.
  }
}

function advice(error: unknown): string {
  if (!(error instanceof SwitchdcError)) return '';
  switch (error.retry) {
    case 'safe':
      return ' Nothing was done; the same may be tried again.';
    case 'after-check':
      return ' It may or may not have been done: look before you try again.';
    case 'never':
      return '';
  }
}

/** One line for a log that knows nothing of errors. */
export function explainIncident({ id, error, command, caller }: Incident): string {
  return `incident ${id}: "${command}" of ${caller} failed: ${explainError(error)}`;
}
