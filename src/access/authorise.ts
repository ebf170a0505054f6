import type { PersonName, RoleName } from '../domain/names.js';
import { listed } from '../domain/text.js';
import { CAPABILITIES, type Capability } from './capability.js';
import type { Person } from './person.js';
import { type Role, rolesThatMay } from './role.js';

export interface AccessRules {
  readonly people: readonly Person[];
  readonly roles: readonly Role[];
}

/** A refusal is whole sentences for people: who they are, what would be needed, who has that. */
export type Authorisation = { readonly ok: true } | { readonly ok: false; readonly refusal: string };

/** Whether somebody may do what needs a capability; undefined is somebody unknown. Pure. */
export function authorise(
  rules: AccessRules,
  person: Person | undefined,
  requires: Capability | 'anyone',
): Authorisation {
  if (requires === 'anyone') return { ok: true };
  const roles = rolesThatMay(rules.roles, requires);
  return authoriseRoles(rules, person, roles, `to ${CAPABILITIES[requires]}`);
}

/** Whether somebody holds a role, as the manual tasks assigned to it need. Pure. */
export function authoriseRole(rules: AccessRules, person: Person | undefined, role: RoleName): Authorisation {
  return authoriseRoles(rules, person, [role], 'for this');
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
      ? `The configuration has no role ${what}`
      : `The role ${listed(roles, 'or')} is needed ${what}; ${whoHasIt(holders)}`;
  return { ok: false, refusal: `${whoYouAre(person)}. ${needed}.` };
}

function whoYouAre(person: Person | undefined): string {
  if (person === undefined)
    return 'I do not know you: you are not in the configuration, so you may only look';
  return `You are ${person.name}, ${heldRoles(person.roles)}`;
}

function heldRoles(roles: readonly RoleName[]): string {
  if (roles.length === 0) return 'without a role';
  return `with the ${roles.length === 1 ? 'role' : 'roles'} ${listed(roles)}`;
}

/** A chat line is short; the whole list is in the configuration. */
const MOST_NAMED = 6;

function whoHasIt(names: readonly PersonName[]): string {
  if (names.length === 0) return 'nobody has it';
  if (names.length === 1) return `${names[0] ?? ''} has it`;
  if (names.length <= MOST_NAMED) return `${listed(names)} have it`;
  return `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more have it`;
}

function holdsOneOf(person: Person, roles: readonly RoleName[]): boolean {
  return roles.some((role) => person.roles.includes(role));
}
