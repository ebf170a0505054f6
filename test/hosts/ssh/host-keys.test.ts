import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeSshKeyPair } from '../../../lab/ssh-key-pair.js';
import type { HostResult } from '../../../src/hosts/hosts.js';
import type { SshHostsOptions } from '../../../src/hosts/ssh/ssh-options.js';
import { SshLab, hostCommand } from '../../support/ssh-lab.js';

const HOSTS = ['db1001.eqiad.wmnet', 'db1002.eqiad.wmnet'];
const [ONE = '', TWO = ''] = HOSTS;
const never = new AbortController().signal;

let given: SshLab;
beforeAll(async () => {
  given = await SshLab.open(HOSTS);
}, 60_000);
afterAll(() => given[Symbol.asyncDispose]());
beforeEach(() => given.reset());

/** Tells all hosts to note something; what each answers, and which of them has noted it. */
async function note(options: Partial<SshHostsOptions>): Promise<{ results: HostResult[]; noted: string[] }> {
  await using hosts = given.connect(options);
  const command = hostCommand(['note', 'x'], { effect: 'writes' });
  const by = { person: 'alice' as never, reason: { text: 'a test' }, run: 1 };
  const results = await hosts.run('*', command, by, never);
  await using trusting = given.connect();
  const answers = await trusting.ask('*', hostCommand(['note-status']), never);
  const noted = answers.filter(
    ({ outcome }) => outcome.kind === 'exited' && outcome.output.trim() === 'noted',
  );
  return { results, noted: noted.map(({ host }) => host) };
}
const because = (results: readonly HostResult[], host: string): string => {
  const outcome = results.find((result) => result.host === host)?.outcome;
  return outcome?.kind === 'unreachable' ? outcome.because : JSON.stringify(outcome);
};
const lineOf = (host: string): string => {
  const line = given.lab
    .knownHosts()
    .split('\n')
    .find((each) => each.includes(host));
  return line ?? '';
};
const nameOf = (host: string): string => `[${host}]:${given.lab.port}`;

describe('a host is told something', () => {
  test.each(['plain', 'hashed'] as const)('where its key is known, %s', async (form) => {
    const { noted } = await note({ knownHosts: given.lab.knownHosts(form) });
    expect(noted).toEqual(HOSTS);
  });

  test('where its key is known by a pattern, beside others', async () => {
    const [, type = '', key = ''] = lineOf(ONE).split(' ');
    const [otherType = '', otherKey = ''] = makeSshKeyPair('other').public.split(' ');
    const text = `[db*.eqiad.wmnet]:${given.lab.port},!${nameOf(TWO)} ${type} ${key}\n${nameOf(ONE)} ${otherType} ${otherKey}\n${lineOf(TWO)}\n`;
    expect((await note({ knownHosts: text })).noted).toEqual(HOSTS);
  });
});

test('a host is asked for the kind of key that is known of it, whatever others it has', async () => {
  const file = path.join(given.ground.folder, 'ecdsa');
  execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', file]);
  const ecdsa = { private: readFileSync(file, 'utf8'), public: readFileSync(`${file}.pub`, 'utf8').trim() };
  const host = given.lab.host(ONE);
  await host.changeKey(ecdsa, makeSshKeyPair('of another kind'));
  expect(lineOf(ONE)).toContain(' ecdsa-sha2-nistp256 ');
  expect((await note({})).noted).toEqual(HOSTS);
  await host.changeKey(makeSshKeyPair('as at first'));
});

describe('a host is told nothing, and the others are', () => {
  test('where its key is not known', async () => {
    const { results, noted } = await note({ knownHosts: lineOf(TWO) });
    expect(noted).toEqual([TWO]);
    expect(because(results, ONE)).toBe(`no host key of ${nameOf(ONE)} is known, so it is not connected to`);
  });

  test('where its key is known for another port', async () => {
    const known = given.lab.knownHosts().replace(nameOf(ONE), ONE);
    const { results, noted } = await note({ knownHosts: known });
    expect(noted).toEqual([TWO]);
    expect(because(results, ONE)).toMatch(/^no host key of .* is known/);
  });

  test('where it shows another key', async () => {
    const [, type = '', key = ''] = lineOf(TWO).split(' ');
    const { results, noted } = await note({ knownHosts: `${nameOf(ONE)} ${type} ${key}\n${lineOf(TWO)}` });
    expect(noted).toEqual([TWO]);
    expect(because(results, ONE)).toMatch(`the host key of ${ONE} is not the known one (it shows SHA256:`);
  });

  test('where its key is revoked, whatever else is said of it', async () => {
    const revoked = given.lab.knownHosts('revoked').split('\n')[0] ?? '';
    const { results, noted } = await note({ knownHosts: `${given.lab.knownHosts()}${revoked}\n` });
    expect(noted).toEqual([TWO]);
    expect(because(results, ONE)).toBe(`every host key known of ${nameOf(ONE)} is revoked`);
    const [type = '', key = ''] = makeSshKeyPair('other').public.split(' ');
    const besides = `${nameOf(ONE)} ${type} ${key}\n`;
    const again = await note({ knownHosts: `${given.lab.knownHosts()}${revoked}\n${besides}` });
    expect(again.noted).toEqual([TWO]);
    expect(because(again.results, ONE)).toMatch(`the host key of ${ONE} is revoked (SHA256:`);
  });

  test('where its key is of another kind than the known one', async () => {
    const ecdsa =
      'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=';
    const { results, noted } = await note({ knownHosts: `${nameOf(ONE)} ${ecdsa}\n${lineOf(TWO)}` });
    expect(noted).toEqual([TWO]);
    expect(because(results, ONE)).toMatch(/host key/);
  });

  test('where only a certificate authority is known', async () => {
    const authority = `@cert-authority ${lineOf(ONE)}`;
    const { noted } = await note({ knownHosts: `${authority}\n${lineOf(TWO)}` });
    expect(noted).toEqual([TWO]);
    expect(given.troubles).toContain('line 1 of known_hosts: @cert-authority is not supported');
  });

  test('once it has become another one between two commands', async () => {
    await using hosts = given.connect();
    await hosts.warm(ONE);
    await given.lab.host(ONE).changeKey(makeSshKeyPair('another'));
    const [result] = await hosts.ask(ONE, hostCommand(['true']), never);
    expect(result?.outcome).toMatchObject({ kind: 'unreachable' });
    expect(result?.outcome).toMatchObject({ because: expect.stringContaining('is not the known one') });
  });
});
