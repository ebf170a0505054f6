import { describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { fencedBlocks } from '../support/fenced-blocks.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A whole switchover: on a busy machine it may take its time. */
const LONG = 300_000;

describe('the demonstration', () => {
  test(
    'performs a switchover as people would see it, and leaves nothing behind',
    async () => {
      using folder = temporaryFolder();
      const { code, stdout, stderr } = await switchdc([], { program: 'demo', env: { TMPDIR: folder.path } });

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(readdirSync(folder.path)).toEqual([]);
      const inOrder = [
        /Simulated time begins at \S+, an hour before the next switchover; it runs at \d+ ×/,
        /<switchdc> Start phase 0 of the MediaWiki switchover from codfw to eqiad/,
        /<alice> \[PRACTICE\] !switchdc start --task T12345/,
        /Run 1 mediawiki .* needs 2 GO from/,
        /`02-set-read-only` .*ReadOnly/,
        /<bob> \[PRACTICE\] !switchdc approve 1/,
        /<carol> \[PRACTICE\] !switchdc approve 1/,
        /SAL .* START - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 \(run 1\)/,
        /run 1: 00-warm-up-caches observed in /,
        /run 1 \[█+░+\] \d+\/41 phase 0/,
        /GO\/NOGO for phase 1 needs 1 GO/,
        /GO\/NOGO for phase 2 needs 1 GO/,
        /All wikis will be read-only from 14:00 UTC/,
        /Simulated time runs at \d+ × from here until read-only is over/,
        /SAL .* MediaWiki read-only period starts at: \S+Z/,
        /read-only for .* of 3 min/,
        /SAL .* MediaWiki read-only period ends at: \S+Z/,
        /Read-only is over\. Editing works again/,
        /SAL .* END \(PASS\) - switchdc mediawiki for datacenter switchover/,
        /Run 1: PASS/,
        /Read-only: .* within its budget of 3 min/,
        /Editors meanwhile: .* 0 database errors shown, 0 lost/,
      ];
      expect(firstMissing(stdout, inOrder)).toBeUndefined();
      const phases = [...stdout.matchAll(/run 1: phase (\d+) /g)].map(([, phase]) => phase);
      expect(phases).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
      const shown = shapes(stdout);
      for (const line of shapes(fencedBlocks(readFileSync('README.md', 'utf8'))[0]!.lines.join('\n')))
        expect(shown).toContain(line);
      expect(linesOf(stdout, /GO by (bob|carol) - switchdc mediawiki request/)).toHaveLength(2);
    },
    LONG,
  );

  test('without a place for its files it says so in one line and fails', async () => {
    using folder = temporaryFolder();
    const gone = folder.file('gone');
    const { code, stdout, stderr } = await switchdc([], { program: 'demo', env: { TMPDIR: gone } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^switchdc: ENOENT[^\n]*\n$/);
    expect(existsSync(gone)).toBe(false);
  });

  test('whose files cannot be written fails, and leaves nothing behind', async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('here'));
    const here = folder.file('here');
    const { code, stderr } = await switchdc([], { program: 'demo', env: { TMPDIR: here }, largestFile: 60 });
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(/^switchdc: [^\n]*\n$/);
    expect(readdirSync(here)).toEqual([]);
  });
});

const linesOf = (text: string, words: RegExp): string[] =>
  text.split('\n').filter((line) => words.test(line));

/** Lines without what differs from one time to the next: numbers, and how far a bar is. */
const shapes = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*…$/.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/[█░]+/g, '#')
        .replace(/\d+(\.\d+)?/g, '#'),
    );

/** The first of these that is not found behind the one before it. */
function firstMissing(text: string, inOrder: readonly RegExp[]): RegExp | undefined {
  let rest = text;
  return inOrder.find((words) => {
    const found = words.exec(rest);
    if (found) rest = rest.slice(found.index + found[0].length);
    return found === null;
  });
}
