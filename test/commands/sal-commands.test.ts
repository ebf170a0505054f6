import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { logCommand, type LogParts } from '../../commands/log.js';
import { salCommand } from '../../commands/sal.js';
import type { Call } from '../../src/chat/command.js';
import { instant } from '../../src/domain/instant.js';
import { person } from '../../src/domain/names.js';
import { SalUnavailable } from '../../src/sal/errors.js';
import { salMigrations } from '../../src/sal/sqlite/migrations.js';
import { sqliteSal } from '../../src/sal/sqlite/sqlite-sal.js';
import { openDatabase, type Sqlite } from '../../src/storage/open-database.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { alice, ask, byAlice, callBy, seen } from './support.js';

let folder: ReturnType<typeof temporaryFolder>;
let database: Sqlite;
let parts: LogParts & { sal: ReturnType<typeof sqliteSal> };

beforeEach(() => {
  folder = temporaryFolder();
  database = openDatabase(folder.file('records.db'), salMigrations);
  parts = {
    sal: sqliteSal(database),
    projectOf: (chat) => (chat === 'terminal/#operations' ? 'production' : undefined),
    linkTo: ({ id }) => (id === 2 ? 'https://sal.example/2' : undefined),
  };
});

afterEach(() => {
  database.close();
  folder[Symbol.dispose]();
});

/** Said by Alice so many hours before the usual call. */
const earlier = (hours: number, id: string): Call => ({
  ...byAlice,
  now: instant(byAlice.now - hours * 3_600_000),
  messageId: id,
});

describe('log', () => {
  test('writes what was typed under the name of the person, for the project of the channel', async () => {
    const reply = await ask(logCommand(parts), `restarted "db1", it's back - T12345`);
    expect(seen(reply)).toBe('Logged the message as entry 1.');
    expect(reply.data).toEqual({
      id: 1,
      at: '2026-03-24T10:00:00.000Z',
      author: 'alice',
      project: 'production',
      message: `restarted "db1", it's back - T12345`,
      source: { kind: 'message', id: 'terminal/#operations/1' },
    });
    expect(await parts.sal.entry(1)).toMatchObject({ author: 'alice', at: byAlice.now });
  });

  test('says where it can be read, where there is a page for it', async () => {
    await ask(logCommand(parts), 'one', earlier(1, 'a'));
    expect(seen(await ask(logCommand(parts), 'two', earlier(0, 'b')))).toBe(
      'Logged the message at https://sal.example/2',
    );
  });

  test('what a trusted bot passes on is logged as the word of whom it names, else as its own', async () => {
    const bot = callBy({ ...alice, name: person('relay'), isBot: true }, { kind: 'irc', account: 'relay' });
    await ask(logCommand(parts), 'erin@deploy1002 synced the train - T12345', { ...bot, messageId: 'a' });
    await ask(logCommand(parts), 'erin synced the train', { ...bot, messageId: 'b' });
    await ask(logCommand(parts), 'erin@deploy1002', { ...bot, messageId: 'c' });
    await ask(logCommand(parts), 'erin@deploy1002 synced', { ...byAlice, messageId: 'd' });
    const entries = await parts.sal.find({ limit: 10 });
    expect(entries.map(({ author, message }) => `${author}: ${message}`).sort()).toEqual([
      'alice: erin@deploy1002 synced',
      'erin@deploy1002: synced the train - T12345',
      'relay: erin synced the train',
      'relay: erin@deploy1002',
    ]);
  });

  test('the same message delivered twice makes one entry', async () => {
    const [first, second] = [await ask(logCommand(parts), 'one'), await ask(logCommand(parts), 'one')];
    expect(second).toEqual(first);
    expect(await parts.sal.find({ limit: 10 })).toHaveLength(1);
  });

  test.each([
    ['nothing to say', '""', byAlice, 'There is nothing to log; needed: a message.'],
    [
      'too much to say',
      'x'.repeat(2_001),
      byAlice,
      'A message of 2001 characters is too long for the log; needed: at most 2000 characters.',
    ],
    [
      'a channel without a project',
      'x',
      callBy(alice, alice.identities[0], { chat: 'terminal/#tea' }),
      'Terminal/#tea logs for no project; needed: a channel that the configuration gives one.',
    ],
    [
      'nobody we know',
      'x',
      callBy(undefined, undefined),
      'An entry needs an author; needed: to be in the configuration.',
    ],
  ])('%s is refused, with what would be needed', async (_what, line, call, text) => {
    const reply = await ask(logCommand(parts), line, call);
    expect([reply.status, seen(reply)]).toEqual(['refused', text]);
    expect(await parts.sal.find({ limit: 10 })).toEqual([]);
  });

  test('a log that cannot be written throws, and nothing is said to be logged', async () => {
    database.pragma('query_only = ON');
    await expect(ask(logCommand(parts), 'x')).rejects.toBeInstanceOf(SalUnavailable);
  });
});

describe('sal', () => {
  const find = async (line: string): Promise<unknown> => {
    const { data } = await ask(salCommand(parts.sal), line);
    return Array.isArray(data) ? data.map((entry) => (entry as { message: string }).message) : data;
  };

  beforeEach(async () => {
    const log = logCommand(parts);
    await ask(log, 'stopped maintenance', earlier(48, 'a'));
    await ask(log, 'read-only period starts', earlier(3, 'b'));
    await ask(log, 'restarted the period counter', earlier(1, 'c'));
  });

  test.each([
    ['', ['restarted the period counter', 'read-only period starts', 'stopped maintenance']],
    ['period', ['restarted the period counter', 'read-only period starts']],
    ['"read-only period"', ['read-only period starts']],
    ['start*', ['read-only period starts']],
    ['--since 4h', ['restarted the period counter', 'read-only period starts']],
    ['--until 2h --since 2d', ['read-only period starts', 'stopped maintenance']],
    ['--since 2026-03-24', ['restarted the period counter', 'read-only period starts']],
    ['--limit 1', ['restarted the period counter']],
    ['--author bob', []],
    ['--run 41', []],
    ['-- --since', []],
  ])('%j', async (line, expected) => {
    expect(await find(line)).toEqual(expected);
  });

  test('shows people one line for each entry', async () => {
    expect(seen(await ask(salCommand(parts.sal), '--limit 2'))).toBe(
      '[2026-03-24T09:00:00Z] <alice> restarted the period counter\n[2026-03-24T07:00:00Z] <alice> read-only period starts',
    );
  });

  test('says when there is nothing, which is an answer', async () => {
    const reply = await ask(salCommand(parts.sal), 'xyzzy');
    expect([reply.status, seen(reply)]).toEqual(['ok', 'Nothing in the log is like that.']);
  });
});
