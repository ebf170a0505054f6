import type { PersonName, RoleName } from '../domain/names.js';
import { identityKey } from './identity-key.js';
import type { Identity, Person } from './person.js';
import type { PracticeRule } from './practice.js';

/** Who is who. Built once from the configuration; asks nobody and remembers nothing. */
export interface Directory {
  readonly people: readonly Person[];
  /** The person an identity belongs to; undefined for everybody else, who may then only look. */
  personOf(identity: Identity | undefined): Person | undefined;
  personNamed(name: string): Person | undefined;
  holdersOf(role: RoleName): readonly Person[];
}

/**
 * Deny by default. An identity that is written down for two people belongs to neither: it cannot say which of them
 * is speaking. Names spoken for with `/as` are people only where practice is allowed.
 */
export function directoryOf(people: readonly Person[], practice: PracticeRule): Directory {
  const byName = new Map<PersonName, Person>(people.map((person) => [person.name, person]));
  const byIdentity = new Map<string, Person | undefined>();
  for (const person of people)
    for (const key of new Set(person.identities.map(identityKey)))
      byIdentity.set(key, byIdentity.has(key) ? undefined : person);

  const personNamed = (name: string): Person | undefined => byName.get(name as PersonName);
  return {
    people,
    personNamed,
    personOf(identity) {
      if (identity === undefined) return undefined;
      if (identity.kind === 'practice') return practice.allowed ? personNamed(identity.name) : undefined;
      return byIdentity.get(identityKey(identity));
    },
    holdersOf: (role) => people.filter((person) => person.roles.includes(role)),
  };
}
