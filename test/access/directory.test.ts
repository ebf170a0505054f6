import { describe, expect, test } from '@jest/globals';
import { directoryOf } from '../../src/access/directory.js';
import { identityKey } from '../../src/access/identity-key.js';
import type { Identity, Person } from '../../src/access/person.js';
import type { PracticeRule } from '../../src/access/practice.js';
import { person, role } from '../../src/domain/names.js';

const alice: Person = {
  name: person('alice'),
  roles: [role('operator')],
  identities: [
    { kind: 'irc', account: 'Alice' },
    { kind: 'irc', account: 'alice-phone' },
    { kind: 'slack', team: 'T1', user: 'U1' },
    { kind: 'unix', user: 'alice' },
  ],
};
const bob: Person = {
  name: person('bob'),
  roles: [role('dba'), role('operator')],
  identities: [{ kind: 'irc', account: 'bob' }],
};

const noPractice: PracticeRule = { allowed: false, because: 'etcd is real' };
const practice: PracticeRule = { allowed: true, because: 'nothing is real' };
const directory = directoryOf([alice, bob], noPractice);

describe('identity → person', () => {
  test('every identity of a person is recognised, not only the first', () => {
    for (const identity of alice.identities) expect(directory.personOf(identity)).toBe(alice);
    expect(directory.personOf({ kind: 'irc', account: 'bob' })).toBe(bob);
  });

  test.each<Identity>([
    { kind: 'irc', account: 'mallory' },
    { kind: 'irc', account: '' },
    { kind: 'irc', account: 'alice ' },
    { kind: 'irc', account: 'alice-phone2' },
    { kind: 'unix', user: 'bob' },
    { kind: 'unix', user: 'Alice' },
    { kind: 'slack', team: 'T2', user: 'U1' },
    { kind: 'slack', team: 'T1', user: 'u1' },
    { kind: 'slack', team: 'T1/U1', user: '' },
  ])('%j is nobody', (identity) => {
    expect(directory.personOf(identity)).toBeUndefined();
  });

  test('who is not logged in anywhere is nobody', () => {
    expect(directory.personOf(undefined)).toBeUndefined();
  });

  test('IRC accounts are the same in any case of A–Z', () => {
    for (const account of ['alice', 'ALICE', 'aLiCe'])
      expect(directory.personOf({ kind: 'irc', account })).toBe(alice);
  });

  test('letters that only Unicode or RFC 1459 call equal are other accounts', () => {
    expect(identityKey({ kind: 'irc', account: '\u212Aate' })).not.toBe(
      identityKey({ kind: 'irc', account: 'kate' }),
    );
    expect(identityKey({ kind: 'irc', account: 'al[ce' })).not.toBe(
      identityKey({ kind: 'irc', account: 'al{ce' }),
    );
  });

  test('an identity written down for two people belongs to neither', () => {
    const both = directoryOf(
      [alice, { ...bob, identities: [{ kind: 'irc', account: 'ALICE' }] }],
      noPractice,
    );
    expect(both.personOf({ kind: 'irc', account: 'alice' })).toBeUndefined();
    expect(both.personOf({ kind: 'unix', user: 'alice' })).toBe(alice);
  });

  test('the same identity twice for one person is one identity', () => {
    const twice = { ...bob, identities: [...bob.identities, { kind: 'irc', account: 'BOB' } as const] };
    expect(directoryOf([twice], noPractice).personOf({ kind: 'irc', account: 'bob' })).toBe(twice);
  });

  test('a name spoken for is a person only where practice is allowed', () => {
    const spoken: Identity = { kind: 'practice', name: 'alice' };
    expect(directory.personOf(spoken)).toBeUndefined();
    expect(directoryOf([alice, bob], practice).personOf(spoken)).toBe(alice);
    expect(directoryOf([alice, bob], practice).personOf({ kind: 'practice', name: 'Alice' })).toBeUndefined();
  });

  test('names and roles find people', () => {
    expect(directory.personNamed('bob')).toBe(bob);
    expect(directory.personNamed('__proto__')).toBeUndefined();
    expect(directory.holdersOf(role('operator'))).toEqual([alice, bob]);
    expect(directory.holdersOf(role('traffic'))).toEqual([]);
  });
});
