import type { PersonName, RoleName } from '../domain/names.js';
import { listed } from '../domain/text.js';
import type { Capability } from './capability.js';
import type { Person } from './person.js';
import { type Role, rolesThatMay } from './role.js';

export interface AccessRules {
  readonly people: readonly Person[];
  readonly roles: readonly Role[];
}

/** A refusal says what would be needed and who has it. */
export type Authorisation = { readonly ok: true } | { readonly ok: false; readonly refusal: string };

/** Whether somebody may do what needs a capability; undefined is somebody unknown. Pure. */
export function authorise(
  rules: AccessRules,
  person: Person | undefined,
  requires: Capability | 'anyone',
): Authorisation {
  if (requires === 'anyone') return { ok: true };
  return authoriseRoles(rules, person, rolesThatMay(rules.roles, requires), `to ${requires}`);
}

/** Whether somebody holds a role, as the manual tasks assigned to it need. Pure. */
export function authoriseRole(rules: AccessRules, person: Person | undefined, role: RoleName): Authorisation {
  return authoriseRoles(rules, person, [role], 'this');
}

function authoriseRoles(
  { people }: AccessRules,
  person: Person | undefined,
  roles: readonly RoleName[],
  what: string,
): Authorisation {
  if (person !== undefined && holdsOneOf(person, roles)) return { ok: true };
  const holders = people.filter((candidate) => holdsOneOf(candidate, roles)).map(({ name }) => name);
  const needed =
    roles.length === 0
      ? `${what} needs a capability that no role has here`
      : `${what} needs the role ${listed(roles, 'or')}, held by ${namedHolders(holders)}`;
  return { ok: false, refusal: `${whoYouAre(person)}; ${needed}` };
}

function whoYouAre(person: Person | undefined): string {
  if (person === undefined) return 'you are not in the configuration, so you may only look';
  const roles = person.roles.length === 0 ? 'no role' : listed(person.roles);
  return `${person.name} has ${roles}`;
}

/** A chat line is short; the whole list is in the configuration. */
const MOST_NAMED = 6;

function namedHolders(names: readonly PersonName[]): string {
  if (names.length === 0) return 'nobody';
  if (names.length <= MOST_NAMED) return listed(names);
  return `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
}

function holdsOneOf(person: Person, roles: readonly RoleName[]): boolean {
  return roles.some((role) => person.roles.includes(role));
}
