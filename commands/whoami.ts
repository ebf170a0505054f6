import { CAPABILITY_NAMES } from '../src/access/capability.js';
import { type Identity, identityText } from '../src/access/person.js';
import { type Role, rolesThatMay } from '../src/access/role.js';
import type { Call, Command, Reply } from '../src/chat/command.js';
import { noArguments } from '../src/chat/grammar.js';
import { type Block, message, paragraph } from '../src/chat/message.js';
import { answered } from '../src/chat/reply.js';
import { listed } from '../src/domain/text.js';

/** Reads only: what is known of the caller, and what an administrator would write down to make it known. */
export function whoamiCommand(roles: readonly Role[]): Command<object> {
  return {
    words: ['whoami'],
    tried: ['who', 'id', 'me'],
    summary: 'who I think you are, and what you may do',
    example: 'whoami',
    requires: 'anyone',
    writes: false,
    grammar: noArguments,
    run: (_args, call) => Promise.resolve(describe(call, roles)),
  };
}

function describe({ person, identity, chat }: Call, roles: readonly Role[]): Reply {
  const mayDo = CAPABILITY_NAMES.filter((capability) =>
    rolesThatMay(roles, capability).some((role) => person?.roles.includes(role)),
  );
  const seen = identity === undefined ? 'nobody I can name' : identityText(identity);
  const who =
    person === undefined
      ? [`You are ${seen} at ${chat}, not in the configuration: you may look, and change nothing.`]
      : ['You are ', { strong: person.name }, ` (${seen}) at ${chat}`, rolesText(person.roles, mayDo)];
  return answered(message('plain', paragraph(...who), ...binding(identity, person?.name, chat)), {
    person: person?.name ?? null,
    roles: person?.roles ?? [],
    may: mayDo,
    identity: identity === undefined ? null : identityText(identity),
    chat,
  });
}

function rolesText(roles: readonly string[], mayDo: readonly string[]): string {
  const held = roles.length === 0 ? 'without a role' : `with ${listed(roles)}`;
  return `, ${held}; you may ${mayDo.length === 0 ? 'look' : listed(mayDo)}.`;
}

/** The lines of the configuration that make this identity this person. */
function binding(identity: Identity | undefined, name: string | undefined, chat: string): readonly Block[] {
  if (identity === undefined) return [paragraph(unvouched(chat))];
  if (identity.kind === 'practice') return [];
  const lines = [
    'people:',
    `  - name: ${name ?? 'YOUR-NAME'}`,
    ...(name === undefined ? ['    roles: [A-ROLE]'] : []),
    '    identities:',
    `      - ${identityYaml(identity)}`,
  ];
  return [
    paragraph(
      name === undefined
        ? 'To be known, have this added to the configuration:'
        : 'By these lines of the configuration:',
    ),
    { kind: 'code', lines },
  ];
}

/** Why the chat does not say who somebody is. */
function unvouched(chat: string): string {
  return chat.startsWith('slack/')
    ? 'Guests, bots and people of other workspaces are not taken for anybody here.'
    : 'Log in to the services of this network, so that it can vouch for you.';
}

/** Strings of JSON are strings of YAML too: no name can be taken for anything else. */
function identityYaml(identity: Exclude<Identity, { kind: 'practice' }>): string {
  switch (identity.kind) {
    case 'irc':
      return `irc: ${JSON.stringify(identity.account)}`;
    case 'slack':
      return `slack: { team: ${JSON.stringify(identity.team)}, user: ${JSON.stringify(identity.user)} }`;
    case 'unix':
      return `unix: ${JSON.stringify(identity.user)}`;
  }
}
