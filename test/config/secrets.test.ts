import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { embeddedData } from '../../src/config/embedded-data.js';
import { Secret } from '../../src/config/secret.js';
import { loadText, mistakesIn } from './sources.js';

const withSecrets = (...secrets: unknown[]): string => stringify({ ...embeddedData('alice'), secrets });

describe('a secret', () => {
  const secret = new Secret('hunter22');

  test('is given out on request only', () => {
    expect(secret.reveal()).toBe('hunter22');
  });

  test.each([
    ['in a text', () => String(secret)],
    ['added to a text', () => 'password ' + (secret as unknown as string)],
    ['in JSON', () => JSON.stringify({ secret })],
    ['inspected', () => inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ['copied', () => JSON.stringify(Object.assign({}, secret))],
    ['in an error', () => new Error('refused', { cause: secret }).stack ?? ''],
    ['cloned', () => inspect(structuredClone(Object.assign({}, secret)))],
  ])('is not seen %s', (...[, shown]) => {
    expect(shown()).not.toContain('hunter22');
  });
});

describe('references to secrets', () => {
  test('come from a file, without the line end, or from the environment', async () => {
    const text = withSecrets({ file: '/run/a' }, { env: 'B' }, { file: '/run/c' });
    const loaded = await loadText(
      text,
      { '/run/a': 'hunter22\n', '/run/c': 'two\nlines\r\n' },
      { B: 'swordfish' },
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes));
    expect(loaded.config.secrets.map((secret) => secret.reveal())).toEqual([
      'hunter22',
      'swordfish',
      'two\nlines',
    ]);
    expect(JSON.stringify(loaded.config)).not.toContain('hunter22');
  });

  test('every one that leads nowhere is told, with where it is', async () => {
    const text = withSecrets({ file: '/run/a' }, { env: 'B' }, { env: 'SHORT' }, { env: 'EMPTY' });
    expect(await mistakesIn(text, {}, { SHORT: '1234567', EMPTY: '' })).toMatchObject([
      { path: 'secrets[0].file', found: 'no such file' },
      { path: 'secrets[1].env', found: 'not set' },
      {
        path: 'secrets[2].env',
        found: 'a value that is not shown',
        expected: 'a secret of 8 to 65536 characters',
      },
      { path: 'secrets[3].env', found: 'a value that is not shown' },
    ]);
  });

  test.each([
    ['the secret itself', 'hunter22'],
    ['the secret itself, as a number', 12345678],
    ['the secret under a key of its own', { password: 'hunter22', file: '/run/a' }],
    ['the secret as a key', { hunter22: 12345678 }],
    ['the secret in the place of a variable’s name', { env: 'hunter22 12345678' }],
    ['the secret in a list', ['hunter22', 12345678]],
    ['the secret in the place of a path', { file: { hunter22: 12345678 } }],
  ])('%s is refused and never shown', async (...[, secret]) => {
    const mistakes = await mistakesIn(withSecrets(secret));
    expect(mistakes.length).toBeGreaterThan(0);
    expect(JSON.stringify(mistakes)).not.toMatch(/hunter22|12345678/);
  });

  test('what an unknown key holds is not shown either, wherever it is', async () => {
    const mistakes = await mistakesIn(
      stringify({ ...embeddedData('alice'), pasword: 'hunter22', sal: { token: 'hunter22' } }),
    );
    expect(mistakes.map(({ path }) => path)).toEqual(expect.arrayContaining(['pasword', 'sal.token']));
    expect(JSON.stringify(mistakes)).not.toContain('hunter22');
  });
});
