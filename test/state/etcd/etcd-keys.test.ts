import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InvalidObject } from '../../../src/state/errors.js';
import { etcdKeys } from '../../../src/state/etcd/etcd-keys.js';
import { kinds } from '../../../src/state/kinds.js';
import type { KindName } from '../../../src/state/store.js';

const keys = etcdKeys('/conftool/v1', '/switchdc/v1');
const kindNames = Object.keys(kinds) as KindName[];

test('keys are those of conftool', () => {
  const key = (kind: KindName, tags: Record<string, string>) => keys.object(kind, tags).toString();
  expect(key('discovery', { dnsdisc: 'mw-web-rw', name: 'eqiad' })).toBe(
    '/conftool/v1/discovery/mw-web-rw/eqiad',
  );
  expect(key('mwconfig', { scope: 'common', name: 'WMFMasterDatacenter' })).toBe(
    '/conftool/v1/mediawiki-config/common/WMFMasterDatacenter',
  );
  expect(key('geodns', { geodns: 'text-addrs', name: 'esams' })).toBe('/conftool/v1/geodns/text-addrs/esams');
});

test('a key names one object of one kind, or none', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('', '/', '..', 'eqiad', 'a/b'));
  fc.assert(
    fc.property(fc.constantFrom(...kindNames), part, part, (kind, first, second) => {
      const tags = Object.fromEntries(kinds[kind].tags.map((tag, index) => [tag, [first, second][index]!]));
      if ([first, second].some((value) => value === '' || value.includes('/'))) {
        expect(() => keys.object(kind, tags)).toThrow(InvalidObject);
        return;
      }
      const key = keys.object(kind, tags);
      for (const other of kindNames) {
        expect(keys.tagsOf(other, key.toString())).toEqual(other === kind ? tags : undefined);
        const { key: start, range_end: end } = keys.ofKind(other);
        expect(start.compare(key) <= 0 && key.compare(end) < 0).toBe(other === kind);
      }
    }),
  );
});
