import { describe, expect, test } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT_CODES } from '../../src/service/exit-codes.js';
import { fencedBlocks } from '../support/fenced-blocks.js';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = read('README.md');
const blocks = fencedBlocks(readme);
const shell = blocks.filter(({ language }) => language === 'sh').flatMap(({ lines }) => lines);
const ours = shell.filter((line) => line.startsWith('npx switchdc '));
const { scripts, bin } = JSON.parse(read('package.json')) as Record<
  'scripts' | 'bin',
  Record<string, string>
>;

/** The lines of "By hand", each with what has to be seen before the next one makes sense. */
const BY_HAND: Readonly<Record<string, RegExp>> = {
  next: /read-only starts|Read-only starts/,
  'start --dry-run': /Run 1: PASS/,
  'start --task T12345': /Run 2 mediawiki .* needs 2 GO/,
  '/as bob': /You speak as bob/,
  approve: /run 2: GO from (bob|carol)/,
  '/as carol': /You speak as carol/,
  '/as alice': /for operator: 00-begin-status-page-maintenance/,
  why: /00-begin-status-page-maintenance: .*Say `done 00-begin-status-page-maintenance`/,
  'done 00-begin-status-page-maintenance': /confirmed by alice/,
};

describe('the README', () => {
  test('shows no command that no test runs', () => {
    // The first three are what runs this very test and the demonstration's own.
    expect(shell.filter((line) => !ours.includes(line))).toEqual([
      'npm ci && npm run demo',
      'lab/install && npm ci && npm test',
      'npm start',
      // test/lab/npm-run-lab.test.ts runs it.
      'npm run lab',
    ]);
    expect(ours).not.toHaveLength(0);
  });

  test('names scripts that exist, and a program that is built', () => {
    expect(scripts['demo']).toMatch(/node dist\/src\/demo\.js$/);
    expect(scripts['start']).toMatch(/node dist\/src\/cli\.js serve$/);
    expect(bin).toEqual({ switchdc: 'dist/src/cli.js' });
    expect(statSync(join(root, 'dist/src/cli.js')).mode & 0o111).not.toBe(0);
  });

  test('gives the test command that the automatic build calls', () => {
    expect(read('.ci/run').split('\n')).toContainEqual(
      expect.stringContaining('{ lab/install && npm ci && npm test; }'),
    );
  });

  test.each(ours)('`%s` works', async (line) => {
    using folder = temporaryFolder();
    const words = line.replace('npx switchdc ', '').split(' ');
    const { code, stdout, stderr } = await switchdc([...words, '--data', folder.file('data')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toBe('');
  });

  test('names every exit code', () => {
    const told = /The exit codes are [^\n]*/.exec(readme)?.[0] ?? '';
    expect([...told.matchAll(/\d+/g)].map(([code]) => Number(code)).sort()).toEqual(
      Object.values(EXIT_CODES).sort(),
    );
  });

  test('has links that lead somewhere', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path!);
    expect(links).not.toHaveLength(0);
    for (const link of links) expect(() => statSync(join(root, link))).not.toThrow();
  });

  test('leads somebody through a switchover by hand, line by line', async () => {
    const lines = blocks.find(({ lines: [first] }) => first === 'next')?.lines ?? [];
    expect(new Set(lines)).toEqual(new Set(Object.keys(BY_HAND)));
    using folder = temporaryFolder();
    await using service = await RunningService.start(folder.file('data'));
    // No line of it sets this: it only saves the reader of the test a minute.
    await service.ask('/speed 240', /240 ×/);
    for (const line of lines) await service.ask(line, BY_HAND[line]!);
    expect(await service.ask('explain 00-reduce-ttl', /What it does/)).toBeTruthy();
    expect(await service.ask('/fault replication s4 stuck', /From now on: .*s4/)).toBeTruthy();
    expect(await service.ask('/world', /Broken: .*s4/)).toBeTruthy();
    expect(await service.ask('/help', /\/speed/)).toBeTruthy();
    expect(await service.end()).toMatchObject({ code: 0 });
  });
});
