import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

/** What is said in answer to these bytes, without the greeting and the reminders. */
async function answersTo(
  input: string | Uint8Array,
): Promise<{ code: number | null; stderr: string; said: string }> {
  using folder = temporaryFolder();
  const { code, stdout, stderr } = await switchdc(['serve', '--data', folder.file('data')], { input });
  expect(existsSync(folder.file('data/switchdc.sock'))).toBe(false);
  // The greeting and the reminders that are due come before the first line that is typed.
  return { code, stderr, said: stdout.slice(Math.max(0, stdout.search(/<alice>/))) };
}

describe('a service whose input is no terminal', () => {
  test('takes each line as a command and ends cleanly at the end of input', async () => {
    const { code, stderr, said } = await answersTo('status\nwhoami');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(said).toMatch(/<alice> status\n.*<switchdc> No run is going on/);
    expect(said).toMatch(/<alice> whoami\n.*<switchdc> You are alice/);
  });

  test('ends at once when there is no input', async () => {
    expect(await answersTo('')).toMatchObject({ code: 0, stderr: '' });
  });

  test('understands lines that were written on Windows', async () => {
    const { code, said } = await answersTo('status\r\nwhoami\r\n');
    expect(code).toBe(0);
    expect(said).toContain('No run is going on');
    expect(said).toContain('You are alice');
    expect(said).not.toContain('\r');
  });

  test('marks whoever speaks for somebody else', async () => {
    const { said } = await answersTo('/as bob\nwhoami\n/as nobody\n');
    expect(said).toContain('You speak as bob, for practice');
    expect(said).toMatch(/<bob> \[PRACTICE\] whoami\n.*You are bob/);
    expect(said).toContain('There is no person "nobody"; known are alice, bob');
  });

  test('answers bytes that are no text, and goes on', async () => {
    const { code, said } = await answersTo(
      Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('\nstatus\n')]),
    );
    expect(code).toBe(0);
    expect(said).toContain('There is no command');
    expect(said).toContain('No run is going on');
  });

  test('never shows a control character', async () => {
    const { code, said } = await answersTo(
      'log \u001b]0;title\u0007 \u001b[2J\u0000\u0085\u007f done\n\u001b[31mhelp\nsal\n',
    );
    expect(code).toBe(0);
    expect(said).toContain('Logged the message');
    expect(said).not.toMatch(CONTROL);
  });

  test.each([
    ['10,000 characters', 10_000],
    ['10 MB', 10_000_000],
  ])('answers a line of %s shortly, and goes on', async (_, length) => {
    const { code, said } = await answersTo(`log ${'a'.repeat(length)}\nstatus\n`);
    expect(code).toBe(0);
    expect(said).toContain('too long: at most 4000 characters');
    expect(said).toContain('No run is going on');
    expect(said.length).toBeLessThan(5_000);
  });
});
