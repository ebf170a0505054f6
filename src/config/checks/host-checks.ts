import { BadHostQuery } from '../../hosts/errors.js';
import { expandHostQuery } from '../../hosts/host-query.js';
import type { Inventory } from '../../hosts/inventory.js';
import { hostsNamed } from '../inventory-of.js';
import { type Misfit, misfitAt } from '../misfit.js';
import type { ConfigPath } from '../path-text.js';
import { type Raw, elementsAt, entriesAt, rawAt } from '../raw.js';

type Written = readonly { readonly path: ConfigPath; readonly value: Raw }[];

/**
 * Every host expression can be read and names hosts: found now, and not in the middle of a run. An alias is judged
 * when the hosts are in order, an operation when the aliases are: otherwise one slip would be told many times. Pure.
 */
export function hostChecks(raw: Raw): readonly Misfit[] {
  const hosts = elementsAt(raw, ['hosts', 'inventory']);
  const badHosts = refused(raw, hosts, (names) => hostsNamed(names));
  if (badHosts.length > 0) return badHosts;

  const aliases = entriesAt(raw, ['hosts', 'aliases']).flatMap((entry) => {
    const { value } = entry;
    return typeof value === 'string' ? [{ ...entry, value }] : [];
  });
  const inventory: Inventory = {
    hosts: hosts.flatMap(({ value }) => (typeof value === 'string' ? hostsNamed(value) : [])),
    aliases: Object.fromEntries(aliases.map(({ key, value }) => [key, value])),
  };
  const badAliases = refused(raw, aliases, (query) => expandHostQuery(query, inventory));
  return badAliases.length > 0 ? badAliases : operationChecks(raw, inventory);
}

/** Each operation is done in either datacenter; what it is done on is looked up for both. */
function operationChecks(raw: Raw, inventory: Inventory): readonly Misfit[] {
  const names = ['northern', 'southern'].map((which) => rawAt(raw, ['datacenters', which, 'name']));
  const [northern, southern] = names;
  if (typeof northern !== 'string' || typeof southern !== 'string') return [];
  const on = entriesAt(raw, ['hosts', 'operations']).map(({ path, value }) => ({
    path: [...path, 'on'],
    value: rawAt(value, ['on']),
  }));
  return refused(raw, on, (query) => {
    for (const dc of [northern, southern]) expandHostQuery(query.replaceAll('{dc}', dc), inventory);
  });
}

function refused(raw: Raw, expressions: Written, read: (expression: string) => unknown): readonly Misfit[] {
  return expressions.flatMap(({ path, value }) => {
    if (typeof value !== 'string') return [];
    try {
      read(value);
      return [];
    } catch (error) {
      if (!(error instanceof BadHostQuery)) throw error;
      return [misfitAt(raw, path, `a host expression that can be read and names hosts; ${error.message}`)];
    }
  });
}
