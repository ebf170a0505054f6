import type { Capability } from '../../access/capability.js';
import type { Person } from '../../access/person.js';
import { type Role, rolesThatMay } from '../../access/role.js';
import { listed, plural } from '../../domain/text.js';
import type { ApprovalPolicy } from '../../runbook/approval-policy.js';
import { type Misfit, misfitAt } from '../misfit.js';
import type { ConfigPath } from '../path-text.js';
import { type Raw, elementsAt } from '../raw.js';
import type { ConfigFile } from '../schema/config-file.js';
import { personOf } from '../person-of.js';
import { policyOf } from '../policy-of.js';
import { rolesOf } from '../roles-of.js';

/**
 * Whether anybody can ever do what is asked for. Only for people, roles and policies that are in order by themselves:
 * otherwise every mistake in them would be told twice. Pure.
 */
export function policyChecks(
  raw: Raw,
  file: Pick<ConfigFile, 'people' | 'roles' | 'approvals' | 'gates'>,
): readonly Misfit[] {
  const roles = rolesOf(file);
  const people = file.people.map(personOf);
  const operators = people.filter((person) => holdsOneOf(person, rolesThatMay(roles, 'operate')));
  if (operators.length === 0)
    return [misfitAt(raw, ['people'], 'somebody with a role that may operate; nobody could start a run')];
  return [
    ...Object.entries(file.approvals).map(([kind, policy]) => ({
      path: ['approvals', kind],
      policy,
      capability: 'approve' as const,
    })),
    ...Object.entries(file.gates).map(([phase, policy]) => ({
      path: ['gates', phase],
      policy,
      capability: 'answer' as const,
    })),
  ].flatMap(({ path, policy, capability }) => [
    ...rolesWithout(raw, path, roles, capability),
    ...unreachable(raw, path, policyOf(policy, roles, capability), people, operators),
  ]);
}

/** A role that is named here and may not answer would be refused at the door when its holder does. */
function rolesWithout(
  raw: Raw,
  path: ConfigPath,
  roles: readonly Role[],
  capability: Capability,
): readonly Misfit[] {
  const able: readonly string[] = rolesThatMay(roles, capability);
  return elementsAt(raw, [...path, 'mayAnswer'])
    .filter(({ value }) => typeof value === 'string' && !able.includes(value))
    .map((element) => misfitAt(raw, element.path, `a role that may ${capability}: ${able.join(', ')}`));
}

/** Wrong only when no operator at all could get it: that some have to let somebody else ask is a site's own choice. */
function unreachable(
  raw: Raw,
  path: ConfigPath,
  policy: ApprovalPolicy,
  people: readonly Person[],
  operators: readonly Person[],
): readonly Misfit[] {
  const voters = people.filter((person) => holdsOneOf(person, policy.mayAnswer));
  const possible = operators.some((asker) => {
    const others = voters.filter((voter) => voter !== asker);
    return (
      others.length >= policy.approvals &&
      policy.needs.every((role) => others.some((other) => other.roles.includes(role)))
    );
  });
  if (possible) return [];
  const needs = policy.needs.length === 0 ? '' : ` and among them ${listed(policy.needs)}`;
  const found = `${plural(policy.approvals, 'GO', 'GOs')} of ${listed(policy.mayAnswer, 'or')}${needs}`;
  const who =
    voters.length === 0
      ? 'nobody has such a role'
      : `only ${listed(voters.map(({ name }) => name))} may answer`;
  return [
    {
      ...misfitAt(raw, path, `what somebody can fulfil; ${who}, and the one who asks does not count`),
      found,
    },
  ];
}

function holdsOneOf(person: Person, roles: readonly string[]): boolean {
  return person.roles.some((role) => roles.includes(role));
}
