import type { Role } from '../access/role.js';
import { role } from '../domain/names.js';
import type { ConfigFile } from './schema/config-file.js';

/** The roles in the order in which they are written. Pure. */
export function rolesOf(file: Pick<ConfigFile, 'roles'>): readonly Role[] {
  return Object.entries(file.roles).map(([name, { description, may }]) => ({
    name: role(name),
    description,
    may,
  }));
}
