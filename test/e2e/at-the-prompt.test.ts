import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { TerminalSession, type TerminalSize } from '../support/terminal-session.js';

/** Controls other than the line ends and the escape that our own line editor writes. */
const CONTROL = /[\u0000-\u0009\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/;

interface AtThePrompt {
  readonly session: TerminalSession;
  readonly data: string;
}

/** A service with somebody at its terminal, greeted and reminded of what is due, for one story. */
async function atThePrompt(story: (at: AtThePrompt) => Promise<void>, size?: TerminalSize): Promise<void> {
  using folder = temporaryFolder();
  const data = folder.file('data');
  await using session = new TerminalSession(['serve', '--data', data], size);
  await session.until(/switchdc is ready[^]*\nalice>$/);
  await story({ session, data });
}

function fileRemoved(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    });
  });
}

/** Leaves by this key, and sees the shell again. */
async function leave(session: TerminalSession, key: string): Promise<void> {
  session.type(key);
  await session.ended();
  expect(session.shown.split('\n').slice(-2)).toEqual(['ended with 0', 'the terminal is as it was']);
}

describe('somebody at a terminal', () => {
  test('is greeted, asks, is answered above the prompt, and leaves with Control-D', () =>
    atThePrompt(async ({ session }) => {
      expect(session.shown).toMatch(/You are alice \(operator\)\. help shows the commands/);
      session.type('status\r');
      await session.until(/<alice> status\n[^]*<switchdc> No run is going on\.[^]*\nalice>$/);
      expect(session.shown.match(/\bstatus\b/g)).toHaveLength(1);
      await leave(session, '\u0004');
    }));

  test('who mistypes is asked whether they meant something else', () =>
    atThePrompt(async ({ session }) => {
      session.type('statsu\r');
      await session.until(/There is no command "statsu"[^]*Did\s+you\s+mean\s+status\?/);
    }));

  test('who speaks for somebody else sees it at the prompt and on every line', () =>
    atThePrompt(async ({ session }) => {
      session.type('/as bob\r');
      await session.until(/You speak as bob, for practice\.[^]*\n\[PRACTICE\] bob>$/);
      session.type('whoami\r');
      await session.until(/<bob> \[PRACTICE\] whoami\n[^]*You are bob/);
      session.type('/as\r');
      await session.until(/You speak as alice\.\n[^]*^alice>$/m);
    }));

  test('does not lose what they are typing to the lines of a run, which stay whole', () =>
    atThePrompt(async ({ session, data }) => {
      session.type('stat');
      await session.until(/\nalice> stat$/);
      expect(await switchdc(['start', '--dry-run', '--data', data])).toMatchObject({ code: 0 });
      await session.until(/Run 1: PASS[^]*\nalice> stat$/);
      expect(session.shown.match(/alice> /g)).toHaveLength(1);
      session.type('us\r');
      await session.until(/<alice> status\n/);
    }));

  test('completes a command with Tab, and finds what they said before with the arrow', () =>
    atThePrompt(async ({ session }) => {
      session.type('whoa\t');
      await session.until(/\nalice> whoami$/);
      session.type('\r');
      await session.until(/<switchdc> You are alice[^]*\nalice>$/);
      session.type('next\r');
      await session.until(/<alice> next\n[^]*\nalice>$/);
      session.type('\u001b[A\u001b[A');
      await session.until(/\nalice> whoami$/);
    }));

  test('clears a line with Control-C, and leaves with it where there is none', () =>
    atThePrompt(async ({ session }) => {
      session.type('start');
      await session.until(/\nalice> start$/);
      session.type('\u0003');
      await session.until(/\nalice>$/);
      await leave(session, '\u0003');
      expect(session.shown).not.toMatch(/<alice> start/);
    }));

  test('leaves with /quit', () => atThePrompt(({ session }) => leave(session, '/quit\r')));

  test('cannot steer the terminal by what they type or paste', () =>
    atThePrompt(async ({ session }) => {
      session.type('log \u001b]0;title\u0007\u001b[2J\u001b[31m red\u0000\u0085\u009b2J\u202e done\r');
      await session.until(/Logged the message[^]*\nalice>$/);
      session.type('sal\r');
      await session.until(/<alice> sal\n[^]*red[^]*done[^]*\nalice>$/);
      expect(session.raw).not.toMatch(CONTROL);
      expect(session.raw).not.toContain('\u202e');
      expect(session.raw).not.toMatch(/\u001b(\]|\[2J)/);
      // Of the colours that were typed nothing is left; those of a warning are our own.
      expect(session.raw).not.toContain('\u001b[31m');
    }));

  test('who pastes a line of 100,000 characters gets one short answer, and goes on', () =>
    atThePrompt(async ({ session }) => {
      session.type(`log ${'a'.repeat(100_000)}\r`);
      await session.until(/That line is too long: at most 4000 characters[^]*\nalice>$/);
      expect(session.shown.match(/too long/g)).toHaveLength(1);
      expect(session.shown.match(/a{20,}/g)!.join('').length).toBeLessThan(1_000);
      session.type('status\r');
      await session.until(/No run is going on/);
    }));

  test('pastes several lines at once and has each answered', () =>
    atThePrompt(async ({ session }) => {
      session.type('whoami\rstatus\r');
      await session.until(/<alice> whoami\n[^]*<switchdc> You are alice/);
      await session.until(/<alice> status/);
      await session.until(/No run is going on/);
    }));

  test('may have a terminal that does not know its size', () =>
    atThePrompt(
      async ({ session }) => {
        expect(session.shown).toMatch(/<switchdc> switchdc is ready \(data in/);
        session.type('status\r');
        await session.until(/<alice> status\n[^]*<switchdc> No run is going on\.[^]*\nalice>$/);
        await leave(session, '\u0004');
      },
      { columns: 0, rows: 0 },
    ));

  test('closes the window: the service ends and leaves no socket behind', () =>
    atThePrompt(async ({ session, data }) => {
      // Removed by a process that ends cleanly, just before it lets go of the directory.
      const removed = fileRemoved(data, 'lock.json');
      await session[Symbol.asyncDispose]();
      await removed;
      expect(readdirSync(data)).not.toContain('switchdc.sock');
      expect(await switchdc(['log', 'I am back', '--data', data])).toMatchObject({ code: 0 });
    }));
});
