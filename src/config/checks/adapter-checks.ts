import { type Misfit, keyMisfit, misfitAt } from '../misfit.js';
import { type Raw, elementsAt, entriesAt, rawAt } from '../raw.js';

/** The adapter of each port that reaches something real. */
const REAL = {
  state: 'etcd',
  databases: 'mariadb',
  dns: 'resolver',
  hosts: 'ssh',
  wiki: 'http',
} as const;

/**
 * Either everything is simulated or nothing is: simulated time would run past real servers, and a run that is half real
 * is what nobody expects at 3 a.m. Whatever is real says how it is reached, for every datacenter and section. Pure.
 */
export function adapterChecks(raw: Raw): readonly Misfit[] {
  const ports = Object.keys(REAL) as (keyof typeof REAL)[];
  const real = ports.filter((port) => rawAt(raw, ['adapters', port]) === REAL[port]);
  if (real.length === 0) return [];
  const mixed = ports
    .filter((port) => !real.includes(port))
    .map((port) =>
      misfitAt(
        raw,
        ['adapters', port],
        `${REAL[port]}, since ${real.join(' and ')} ${real.length === 1 ? 'is' : 'are'} real: everything is, or nothing`,
      ),
    );
  if (mixed.length > 0) return mixed;
  const missing = ports
    .filter((port) => rawAt(raw, ['connections', REAL[port]]) === undefined)
    .map((port) => misfitAt(raw, ['connections', REAL[port]], `how ${port} are reached`));
  const needed = [
    { path: ['hosts'], expected: 'the hosts that there are, and what is done on them' },
    { path: ['dns', 'addresses'], expected: 'the address of each discovery record in each datacenter' },
  ]
    .filter(({ path }) => rawAt(raw, path) === undefined)
    .map(({ path, expected }) => misfitAt(raw, path, expected));
  return [...missing, ...needed, ...sshChecks(raw), ...etcdChecks(raw), ...coverageChecks(raw)];
}

function sshChecks(raw: Raw): readonly Misfit[] {
  const ssh = rawAt(raw, ['connections', 'ssh']);
  if (ssh === undefined) return [];
  const [key, agent] = [rawAt(ssh, ['privateKey']), rawAt(ssh, ['agent'])];
  if (key !== undefined || agent !== undefined) return [];
  return [misfitAt(raw, ['connections', 'ssh', 'privateKey'], 'a private key, or an agent')];
}

function etcdChecks(raw: Raw): readonly Misfit[] {
  const path = ['connections', 'etcd'];
  const endpoints = elementsAt(raw, [...path, 'endpoints']);
  const secure = endpoints.filter(({ value }) => typeof value === 'string' && value.startsWith('https:'));
  const tls = rawAt(raw, [...path, 'tls']);
  const both = (name: string): boolean => rawAt(tls, [name]) !== undefined;
  return [
    ...(secure.length > 0 && secure.length < endpoints.length
      ? [misfitAt(raw, [...path, 'endpoints'], 'all addresses with https, or all with http')]
      : []),
    ...(secure.length > 0 && tls === undefined
      ? [misfitAt(raw, [...path, 'tls'], 'the authority that signed the store’s certificates')]
      : []),
    ...(tls !== undefined && both('certificate') !== both('key')
      ? [misfitAt(raw, [...path, 'tls'], 'certificate and key together, or neither')]
      : []),
  ];
}

/** Whatever is left out here would be missed in the middle of a run. */
function coverageChecks(raw: Raw): readonly Misfit[] {
  const datacenters = strings(
    ['northern', 'southern'].map((which) => rawAt(raw, ['datacenters', which, 'name'])),
  );
  const sections = strings(elementsAt(raw, ['sections']).map(({ value }) => value));
  const servers = strings(elementsAt(raw, ['dns', 'servers']).map(({ value }) => value));
  if (datacenters.length < 2) return [];
  const primaries = ['connections', 'mariadb', 'primaries'];
  return [
    ...covers(raw, primaries, sections, 'section'),
    ...entriesAt(raw, primaries).flatMap(({ path }) => covers(raw, path, datacenters, 'datacenter')),
    ...unknownKeys(raw, ['connections', 'mariadb', 'knownAs'], sections, 'section'),
    ...covers(raw, ['connections', 'resolver', 'servers'], servers, 'name server'),
    ...covers(raw, ['connections', 'resolver', 'clients'], datacenters, 'datacenter'),
    ...covers(raw, ['connections', 'http', 'appServers'], datacenters, 'datacenter'),
    ...elementsAt(raw, ['connections', 'resolver', 'excluded']).flatMap(({ path, value }) => {
      const server = rawAt(value, ['server']);
      return typeof server !== 'string' || servers.includes(server)
        ? []
        : [misfitAt(raw, [...path, 'server'], `one of ${servers.join(', ')}`, servers)];
    }),
  ];
}

/** Exactly these names are keys there. */
function covers(
  raw: Raw,
  path: readonly (string | number)[],
  names: readonly string[],
  what: string,
): Misfit[] {
  const there = rawAt(raw, path);
  if (typeof there !== 'object' || there === null) return [];
  const unknown = unknownKeys(raw, path, names, what);
  const missing = names
    .filter((name) => !Object.hasOwn(there, name))
    .map((name) => misfitAt(raw, [...path, name], `the ${what} ${name}, too`));
  return [...unknown, ...missing];
}

const strings = (values: readonly Raw[]): string[] =>
  values.filter((value): value is string => typeof value === 'string');

function unknownKeys(
  raw: Raw,
  path: readonly (string | number)[],
  names: readonly string[],
  what: string,
): Misfit[] {
  return entriesAt(raw, path)
    .filter(({ key }) => !names.includes(key))
    .map((entry) => keyMisfit(entry.path, `unknown ${what}`, `one of ${names.join(', ')}`, names));
}
