import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const readme = readFileSync('README.md', 'utf8');

/** The lines of all blocks of a kind, ``` fences taken off. */
function linesOfBlocks(kind: string): string[] {
  return [...readme.matchAll(new RegExp('```' + kind + '\\n([^`]*)```', 'g'))]
    .flatMap(([, body = '']) => body.split('\n'))
    .filter((line) => line.trim() !== '');
}

const shell = linesOfBlocks('sh');
const npx = shell.filter((line) => line.startsWith('npx switchdc '));

describe('the README', () => {
  test('has two commands that do all set-up, and the one for tests is what CI runs', () => {
    expect(shell).toContain('npm ci && npm run demo');
    expect(shell).toContain('lab/install && npm ci && npm test');
    expect(readFileSync('.ci/run', 'utf8')).toContain('lab/install && npm ci && npm test');
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'start', 'test', 'bench']));
  });

  test('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((link) => !link.startsWith('http') && !existsSync(link))).toEqual([]);
  });

  test('shows no other commands than these', () => {
    const others = shell.filter(
      (line) =>
        !line.startsWith('npx switchdc ') && !line.startsWith('npm ci') && !line.startsWith('lab/install'),
    );
    expect(others).toEqual(['npm start']);
    expect(npx.length).toBeGreaterThan(3);
  });

  test.each(npx)('%s works', async (line) => {
    using folder = temporaryFolder();
    const words = line.replace('npx switchdc ', '').split(' ');
    const { code, stdout, stderr } = await switchdc([...words, '--data', folder.file('data')], { input: '' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim()).not.toBe('');
  });

  test('has a practice session that works line by line', async () => {
    using folder = temporaryFolder();
    const session = linesOfBlocks('');
    const typed = session.slice(session.indexOf('next'));
    expect(typed).toContain('start --task T12345');
    const { code, stdout, stderr } = await switchdc(['serve', '--data', folder.file('data')], {
      input: `${typed.join('\n')}\n`,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2027-northward');
    expect(stdout).toContain('needs 2 GO from anyone with the role approver');
    expect(stdout).toContain('GO by bob and carol');
    expect(stdout).not.toMatch(/There is no command|did you mean/i);
  });
});
