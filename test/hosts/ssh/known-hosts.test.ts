import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeSshKeyPair } from '../../../lab/ssh-key-pair.js';
import { knownHostName, parseKnownHosts } from '../../../src/hosts/ssh/known-hosts.js';

const [first = '', second = ''] = [1, 2].map(() =>
  makeSshKeyPair('x').public.split(' ').slice(0, 2).join(' '),
);
const blob = (key: string): Buffer => Buffer.from(key.split(' ')[1] ?? '', 'base64');
/** As `ssh-keygen -t rsa` and `-t ecdsa` make them. */
const ecdsa =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'switchdc-known-hosts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether OpenSSH finds a name in a file of this one line. */
function isFoundByOpenSsh(name: string, names: string): boolean {
  const file = path.join(folder, 'known_hosts');
  writeFileSync(file, `${names} ${first}\n`);
  try {
    return execFileSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8', stdio: 'pipe' }) !== '';
  } catch {
    return false;
  }
}

describe('a known_hosts file', () => {
  test.each([
    ['a plain name', 'db1001', 'db1001', true],
    ['another name', 'db1001', 'db1002', false],
    ['a name in other letters', 'DB1001', 'db1001', true],
    ['a name with its port', '[db1001]:2222', '[db1001]:2222', true],
    ['a name on another port', '[db1001]:2222', '[db1001]:2223', false],
    ['a name on the port of SSH for one with another', 'db1001', '[db1001]:2222', false],
    ['one of a list', 'a,db1001,b', 'db1001', true],
    ['a pattern', '*.eqiad.wmnet', 'db1001.eqiad.wmnet', true],
    ['a pattern for one character', 'db100?', 'db1001', true],
    ['a pattern for one character, and none there', 'db100?', 'db100', false],
    ['a negation', '*.wmnet,!db*', 'db1001.wmnet', false],
    ['a negation of others', '*.wmnet,!mw*', 'db1001.wmnet', true],
    ['a negation alone', '!mw*', 'db1001.wmnet', false],
  ])('knows by %s: %s for %s is %s, as OpenSSH has it', (_, names, name, isKnown) => {
    const known = parseKnownHosts(`${names} ${first} a comment\n`);
    expect(known.judge(name, blob(first))).toBe(isKnown ? 'known' : 'other');
    expect(isFoundByOpenSsh(name, names)).toBe(isKnown);
  });

  test('finds what OpenSSH finds, whatever the patterns', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), minLength: 1, maxLength: 5 });
    const pattern = fc.tuple(fc.constantFrom('', '', '!'), word).map(([no, rest]) => no + rest);
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), name, (patterns, asked) => {
        const names = patterns.join(',');
        const ours = parseKnownHosts(`${names} ${first}`).judge(asked, blob(first)) === 'known';
        expect(ours).toBe(isFoundByOpenSsh(asked, names));
      }),
      { numRuns: 60 },
    );
  });

  test('knows by names that ssh-keygen has hashed', () => {
    const file = path.join(folder, 'hashed');
    writeFileSync(file, `db1001.eqiad.wmnet,[db1002]:2222 ${first}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'pipe' });
    const text = execFileSync('cat', [file], { encoding: 'utf8' });
    expect(text).not.toContain('db1001');
    const known = parseKnownHosts(text);
    expect(known.problems).toEqual([]);
    expect(known.judge('db1001.eqiad.wmnet', blob(first))).toBe('known');
    expect(known.judge(knownHostName('DB1002', 2222), blob(first))).toBe('known');
    expect(known.judge('db1002', blob(first))).toBe('other');
    expect(known.typesOf('db1003')).toEqual([]);
  });

  test('has several keys for a host, and tells their types', () => {
    const known = parseKnownHosts(`db1001 ${first}\n# db1001 no\n\ndb1001 ${ecdsa}\ndb* ${second}\n`);
    expect(known.typesOf('db1001')).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256']);
    for (const key of [first, second, ecdsa]) expect(known.judge('db1001', blob(key))).toBe('known');
    expect(known.judge('db1002', blob(first))).toBe('other');
  });

  test('revokes a key although it is known as well', () => {
    const known = parseKnownHosts(`db1001 ${first}\n@revoked * ${first}\ndb1001 ${ecdsa}\n`);
    expect(known.judge('db1001', blob(first))).toBe('revoked');
    expect(known.judge('db1002', blob(first))).toBe('revoked');
    expect(known.typesOf('db1001')).toEqual(['ecdsa-sha2-nistp256']);
  });

  test.each([
    ['@cert-authority * KEY', 'line 1 of known_hosts: @cert-authority is not supported'],
    ['db1001', 'line 1 of known_hosts: no key that can be read'],
    ['db1001 ssh-rsa KEY', 'line 1 of known_hosts: no key that can be read'],
    ['|1|abc|def KEY', 'line 1 of known_hosts: no host name that can be read'],
    ['|2|abc|def KEY', 'line 1 of known_hosts: no host name that can be read'],
  ])('makes nobody known by %s, and says so', (line, problem) => {
    const [type = '', key = ''] = first.split(' ');
    const known = parseKnownHosts(
      line.replace('ssh-rsa KEY', `ssh-rsa ${key}`).replace('KEY', `${type} ${key}`),
    );
    expect(known.problems).toEqual([problem]);
    expect(known.typesOf('db1001')).toEqual([]);
    expect(known.judge('db1001', blob(first))).toBe('other');
  });
});
