import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { remoteLine } from '../../../src/hosts/ssh/remote-line.js';
import { WAITS } from '../../../src/hosts/ssh/waiting-shell.js';
import { hostCommand } from '../../support/ssh-lab.js';

const argument = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));

describe.each(['dash', 'bash'])('the line for a login shell that is %s', (shell) => {
  test.each(['reads', 'writes'] as const)('gives a command that %s its arguments as they are', (effect) => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (argv) => {
        const show = ['sh', '-c', String.raw`for each do printf '%s\0' "$each"; done`, 'show'];
        const line = remoteLine(hostCommand([...show, ...argv], { effect }), 'the-mark');
        const said = execFileSync(shell, ['-c', line], { encoding: 'utf8' });
        expect(said.replace(/^the-mark \d+\n/, '')).toBe(argv.map((each) => `${each}\0`).join(''));
        expect(said).toMatch(/^the-mark \d+\n/);
      }),
      { numRuns: 40 },
    );
  });

  test('may be told to one that waits', () => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (argv) => {
        const words = argv.map((each) => each.replaceAll('\n', ' '));
        const line = remoteLine(hostCommand(['printf', String.raw`%s\0`, 'first', ...words]), 'the-mark');
        const said = execFileSync(shell, ['-c', WAITS], { encoding: 'utf8', input: `${line}\n` });
        expect(said.replace(/^switchdc-waits\nthe-mark \d+\n/, '')).toBe(
          ['first', ...words].map((each) => `${each}\0`).join(''),
        );
      }),
      { numRuns: 40 },
    );
    expect(execFileSync(shell, ['-c', `${WAITS} && cat`], { input: 'true\nthe rest' }).toString()).toBe(
      'switchdc-waits\nthe rest',
    );
  });

  test('lets pkill --full find only what is not its own command', () => {
    const line = remoteLine(hostCommand(['pkill', '--full', randomUUID()], { effect: 'writes' }), 'the-mark');
    expect(spawnSync(shell, ['-c', line])).toMatchObject({ status: 1, signal: null });
  });
});
