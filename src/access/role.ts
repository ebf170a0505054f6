import type { RoleName } from '../domain/names.js';
import type { Capability } from './capability.js';

/** A role as configured: what it is for, and what its holders may do. */
export interface Role {
  readonly name: RoleName;
  readonly description: string;
  readonly may: readonly Capability[];
}

/** The roles that give a capability, as they are listed in the configuration. Pure. */
export function rolesThatMay(roles: readonly Role[], capability: Capability): readonly RoleName[] {
  return roles.filter((role) => role.may.includes(capability)).map((role) => role.name);
}
