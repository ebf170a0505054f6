import { BadHostQuery } from '../hosts/errors.js';
import { expandNames } from '../hosts/expand-names.js';
import type { HostName } from '../hosts/hosts.js';
import type { Inventory } from '../hosts/inventory.js';
import type { ConfigFile } from './schema/config-file.js';

/** Every host, and the names for sets of them. Throws BadHostQuery; a configuration that was checked has none. Pure. */
export function inventoryOf({
  inventory,
  aliases,
}: Pick<NonNullable<ConfigFile['hosts']>, 'inventory' | 'aliases'>): Inventory {
  return { hosts: [...new Set(inventory.flatMap(hostsNamed))], aliases };
}

/** The hosts of one line of an inventory: ranges, but nothing that would have to be looked up. Throws BadHostQuery. */
export function hostsNamed(names: string): readonly HostName[] {
  const fail = (at: number, expected: string): never => {
    throw new BadHostQuery(`character ${at + 1}: expected ${expected}`);
  };
  const star = names.indexOf('*');
  if (star >= 0) fail(star, 'the whole name of a host, or a range of them');
  return expandNames(names, fail);
}
