import type { Identity, Person } from '../../src/access/person.js';
import { identityText } from '../../src/access/person.js';
import type { Call, Command, Reply } from '../../src/chat/command.js';
import { lineOf } from '../../src/chat/line.js';
import { renderMessage } from '../../src/chat/terminal/render-message.js';
import { mistaken } from '../../src/chat/reply.js';
import { instant, parseInstant } from '../../src/domain/instant.js';
import { person, role } from '../../src/domain/names.js';

export const alice: Person = {
  name: person('alice'),
  roles: [role('operator')],
  identities: [{ kind: 'unix', user: 'alice' }],
};

export function callBy(
  who: Person | undefined,
  identity: Identity | undefined,
  over: Partial<Call> = {},
): Call {
  const chat = over.chat ?? 'terminal/#operations';
  return {
    person: who,
    said: who && identity && { person: who.name, identity: identityText(identity), chat },
    identity,
    chat,
    messageId: `${chat}/1`,
    now: parseInstant('2026-03-24T10:00:00Z') ?? instant(0),
    ...over,
  };
}

export const byAlice = callBy(alice, alice.identities[0]);

/** Runs a command with the rest of a line, as the router does when the caller may. */
export async function ask<Args>(command: Command<Args>, line = '', call: Call = byAlice): Promise<Reply> {
  const read = command.grammar.read(lineOf(line));
  if (read.kind === 'arguments') return command.run(read.args, call);
  return mistaken(read.kind === 'mistake' ? read.mistake : { what: 'help' });
}

/** What people see of a reply, as text. */
export function seen({ message }: Reply): string {
  return renderMessage(message, { width: Infinity, colours: 'none' }).join('\n');
}
