import { SECOND } from '../../domain/instant.js';
import { parseLengthOfTime } from '../length-of-time.js';
import { type Misfit, keyMisfit, misfitAt } from '../misfit.js';
import { datacenterName } from '../schema/installation-sections.js';
import { type Raw, elementsAt, entriesAt, rawAt } from '../raw.js';

/** What is said by datacenter must be said of the two that there are, and be enough to switch between them. Pure. */
export function datacenterChecks(raw: Raw): readonly Misfit[] {
  const known = ['northern', 'southern'].map((which) =>
    datacenterName.safeParse(rawAt(raw, ['datacenters', which, 'name'])),
  );
  const names = new Set(known.flatMap(({ data }) => (data === undefined ? [] : [data])));
  // Until there are two names, everything that is said of a datacenter would be told to be wrong.
  const byName =
    names.size < 2 ? [] : [...unknownDatacenters(raw, [...names]), ...addressChecks(raw, [...names])];
  return [...byName, ...ttlChecks(raw)];
}

function unknownDatacenters(raw: Raw, known: readonly string[]): readonly Misfit[] {
  const records = entriesAt(raw, ['dns', 'addresses']).flatMap(({ path }) => entriesAt(raw, path));
  return [...entriesAt(raw, ['wiki', 'appServers']), ...records]
    .filter(({ key }) => !known.includes(key))
    .map(({ path }) => keyMisfit(path, 'unknown datacenter', `one of ${known.join(', ')}`, known));
}

/** A switch of a record can only be seen where its answer differs between the two. */
function addressChecks(raw: Raw, known: readonly string[]): readonly Misfit[] {
  const records = elementsAt(raw, ['wiki', 'readWriteRecords']).map(({ value }) => value);
  const written = entriesAt(raw, ['dns', 'addresses']);
  if (rawAt(raw, ['dns', 'addresses']) === undefined) return [];
  const without = records
    .filter((record) => typeof record === 'string' && !written.some(({ key }) => key === record))
    .map((record) =>
      misfitAt(
        raw,
        ['dns', 'addresses', record as string],
        'the addresses of a read-write record of the wiki',
      ),
    );
  const wrong = written.flatMap(({ path, key, value }) => {
    const addresses = known.map((dc) => rawAt(value, [dc]));
    const missing = records.includes(key)
      ? known
          .filter((_, index) => addresses[index] === undefined)
          .map((dc) => misfitAt(raw, [...path, dc], `the address of ${key} in ${dc}`))
      : [];
    const same = addresses[0] !== undefined && addresses[0] === addresses[1];
    return same
      ? [misfitAt(raw, [...path, known[1] ?? ''], `another address than in ${known[0] ?? ''}`)]
      : missing;
  });
  return [...without, ...wrong];
}

function ttlChecks(raw: Raw): readonly Misfit[] {
  const [ttl, lowered] = ['ttl', 'loweredTtl'].map((key) => {
    const value = rawAt(raw, ['dns', key]);
    return typeof value === 'string' ? parseLengthOfTime(value) : undefined;
  });
  const [normal, during] = [ttl ?? 300 * SECOND, lowered ?? 10 * SECOND];
  if (during < normal) return [];
  return [
    misfitAt(
      raw,
      ['dns', lowered === undefined ? 'ttl' : 'loweredTtl'],
      'a lowered TTL that is shorter than the normal one',
    ),
  ];
}
