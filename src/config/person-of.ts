import type { Identity, Person } from '../access/person.js';
import { ImpossibleState } from '../domain/errors.js';
import { person, role } from '../domain/names.js';
import type { ConfigFile } from './schema/config-file.js';

type Written = ConfigFile['people'][number];

/** A person as the directory takes them. Pure. */
export function personOf({ name, roles, identities, bot }: Written): Person {
  return {
    name: person(name),
    roles: roles.map(role),
    identities: identities.map(identityOf),
    ...(bot ? { isBot: true } : {}),
  };
}

function identityOf({ irc, slack, unix }: Written['identities'][number]): Identity {
  if (irc !== undefined) return { kind: 'irc', account: irc };
  if (slack !== undefined) return { kind: 'slack', ...slack };
  if (unix !== undefined) return { kind: 'unix', user: unix };
  throw new ImpossibleState('an identity without any of its keys has passed the schema');
}
