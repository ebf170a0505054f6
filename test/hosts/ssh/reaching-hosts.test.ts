import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeSshKeyPair } from '../../../lab/ssh-key-pair.js';
import { BadSshOptions } from '../../../src/hosts/ssh/errors.js';
import { eventually } from '../../support/eventually.js';
import { SshLab, hostCommand } from '../../support/ssh-lab.js';

const HOSTS = ['db1001.eqiad.wmnet', 'db2001.codfw.wmnet', 'bastion.eqiad.wmnet', 'inner.eqiad.wmnet'];
const [ONE = '', TWO = '', BASTION = '', INNER = ''] = HOSTS;
const PASSPHRASE = 'planted: correct horse battery staple';
const never = new AbortController().signal;

let given: SshLab;
beforeAll(async () => {
  given = await SshLab.open(HOSTS);
}, 60_000);
afterAll(() => given[Symbol.asyncDispose]());
beforeEach(() => given.reset());

/** The client key, under a passphrase. */
function protectedKey(): Buffer {
  const file = path.join(given.ground.folderFor('ssh-client'), 'protected');
  cpSync(given.lab.clientKeyFile, file);
  execFileSync('ssh-keygen', ['-q', '-p', '-f', file, '-N', PASSPHRASE]);
  return readFileSync(file);
}
const secret = (text: string) => ({ reveal: () => text });

describe('we log in', () => {
  test('with a key that needs a passphrase, which is nowhere to be seen', async () => {
    await using hosts = given.connect({
      credentials: { privateKey: protectedKey(), passphrase: secret(PASSPHRASE) },
    });
    const results = await hosts.ask(ONE, hostCommand(['true']), never);
    expect(results).toMatchObject([{ outcome: { kind: 'exited', code: 0 } }]);
    expect(inspect(hosts, { depth: 10, showHidden: true }) + JSON.stringify(hosts)).not.toContain('planted');
  });

  test.each([
    [
      'a wrong passphrase',
      () => ({ privateKey: protectedKey(), passphrase: secret('planted: wrong') }),
      /passphrase is wrong/,
    ],
    ['no passphrase', () => ({ privateKey: protectedKey() }), /needs a passphrase/],
    ['what is no key', () => ({ privateKey: 'planted: no key' }), /no private key/],
    ['a public key', () => ({ privateKey: given.lab.clientKey.public }), /no private key/],
  ])('not with %s: refused at once, without saying it', (_, credentials, text) => {
    let thrown: unknown;
    try {
      given.connect({ credentials: credentials() });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(BadSshOptions);
    expect(String(thrown)).toMatch(text);
    expect(inspect(thrown, { depth: 10 })).not.toContain('planted');
  });

  test('with the keys of an agent', async () => {
    await using hosts = given.connect({ credentials: { agentSocket: await given.lab.startAgent() } });
    const results = await hosts.ask('*', hostCommand(['true']), never);
    expect(results.map(({ outcome }) => outcome.kind)).toEqual(HOSTS.map(() => 'exited'));
  });

  test('not with a key that nobody has authorised, nor with an agent that is not there', async () => {
    for (const [credentials, because] of [
      [{ privateKey: makeSshKeyPair('stranger').private }, 'it does not let us log in'],
      [{ agentSocket: path.join(given.ground.folder, 'no-agent') }, 'the SSH agent does not answer'],
    ] as const) {
      await using hosts = given.connect({ credentials });
      const [result] = await hosts.ask(ONE, hostCommand(['true']), never);
      expect(result?.outcome).toEqual({ kind: 'unreachable', because });
    }
  });
});

describe('a host is reached', () => {
  const routes = (...jumps: readonly [hosts: string, jump: string][]) => ({
    routes: {
      rules: [
        ...jumps.map(([hosts, jump]) => ({ hosts, jump })),
        { hosts: '*', user: given.lab.user, port: given.lab.port },
      ],
    },
  });

  test('through one host and through two, the others directly', async () => {
    await using hosts = given.connect(routes(['*.codfw.wmnet', INNER], ['inner.*', BASTION]));
    const all = `${ONE} or ${INNER} or ${TWO}`;
    const said = async (): Promise<string[]> =>
      (await hosts.ask(all, hostCommand(['printenv', 'LAB_HOST'], { timeout: 500 }), never)).map(
        ({ outcome }) => (outcome.kind === 'exited' ? outcome.output.trim() : outcome.kind),
      );
    await hosts.warm(all);
    expect(await said()).toEqual([ONE, TWO, INNER]);
    given.lab.host(INNER).freeze();
    expect(await said()).toEqual([ONE, 'timed-out', 'timed-out']);
    await given.reset();
    await hosts.warm(all);
    given.lab.host(BASTION).freeze();
    expect(await said()).toEqual([ONE, 'timed-out', 'timed-out']);
  });

  test('not where its jump host is down, and again once that is up', async () => {
    await given.lab.host(BASTION).kill();
    await using hosts = given.connect(routes(['db*', BASTION]));
    const [result] = await hosts.ask(ONE, hostCommand(['true']), never);
    expect(result?.outcome).toEqual({
      kind: 'unreachable',
      because: `by way of ${BASTION}: connection refused`,
    });
    await given.lab.host(BASTION).start();
    expect(await hosts.ask(ONE, hostCommand(['true']), never)).toMatchObject([{ outcome: { code: 0 } }]);
  });

  test('not where the jump host finds no way to it', async () => {
    await given.lab.host(ONE).kill();
    await using hosts = given.connect(routes(['db*', BASTION]));
    const [result] = await hosts.ask(ONE, hostCommand(['true']), never);
    expect(result?.outcome).toMatchObject({ kind: 'unreachable' });
    expect(result?.outcome).toMatchObject({ because: expect.stringContaining(`${BASTION} opens no way`) });
  });

  test('what ran behind a jump host that is lost is not known', async () => {
    await using hosts = given.connect(routes(['db*', BASTION]));
    await hosts.warm(ONE);
    const running = hosts.ask(ONE, hostCommand(['have-children']), never);
    await eventually(() => existsSync(given.stateFile(ONE, 'grandchild')), 'it runs');
    given.lab.host(BASTION).dropConnections();
    expect(await running).toMatchObject([{ outcome: { kind: 'unknown' } }]);
  });

  test('never in a circle', () => {
    expect(() => given.connect(routes(['db1001*', BASTION], ['bastion*', 'db1001.eqiad.wmnet']))).toThrow(
      'the way to db1001.eqiad.wmnet leads back to itself: db1001.eqiad.wmnet by way of bastion.eqiad.wmnet by way of db1001.eqiad.wmnet',
    );
  });
});
