import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SalUnavailable } from '../../../src/sal/errors.js';
import { sqliteSalReader } from '../../../src/sal/sqlite/sqlite-sal-reader.js';
import { sqliteSal } from '../../../src/sal/sqlite/sqlite-sal.js';
import { openReadOnly } from '../../../src/storage/open-database.js';
import { TemporaryFile, at, said } from '../support.js';

describe('the log in SQLite', () => {
  it('keeps what was logged through a restart, with the time at which it happened', async () => {
    using file = new TemporaryFile();
    const logged = await sqliteSal(file.open()).log(said('restart nginx on cp1001', 'irc/1'));
    expect(logged).toMatchObject({
      id: 1,
      at: at('2026-03-25T13:00:00Z'),
      author: 'alice',
      project: 'production',
    });
    const reopened = sqliteSal(file.open());
    expect(await reopened.entry(1)).toEqual(logged);
    expect(await reopened.find({ limit: 10 })).toEqual([logged]);
  });

  it('logs a message that is delivered twice once, and answers with the first entry', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    const first = await sal.log(said('depool codfw', 'irc/17'));
    const second = await sal.log(said('depool codfw!', 'irc/17', { at: at('2026-03-25T13:05:00Z') }));
    expect(second).toEqual(first);
    expect(await sal.find({ limit: 10 })).toHaveLength(1);
  });

  it('has no entry under a number that was never given', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    for (const id of [0, 7, -1, 1.5, Number.NaN, 1e300]) expect(await sal.entry(id)).toBeUndefined();
  });

  it('refuses that entries are changed or removed, whoever tries', async () => {
    using file = new TemporaryFile();
    const database = file.open();
    await sqliteSal(database).log(said('depool codfw', 'irc/17'));
    expect(() => database.exec(`UPDATE sal_entry SET message = 'nothing'`)).toThrow('never changed');
    expect(() => database.exec('DELETE FROM sal_entry')).toThrow('never removed');
  });

  it('gives the newest entries first, at most as many as wanted', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    for (const [index, text] of ['one', 'two', 'three', 'four'].entries())
      await sal.log(said(text, `irc/${index}`));
    const messages = async (limit: number): Promise<string[]> =>
      (await sal.find({ limit })).map(({ message }) => message);
    expect(await messages(3)).toEqual(['four', 'three', 'two']);
    expect(await messages(0)).toEqual([]);
    expect(await messages(-1)).toEqual([]);
  });

  it('finds by time, author and run, all together', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    const hour = (n: number) => at(`2026-03-25T${n}:00:00Z`);
    await sal.log(said('one', 'irc/1', { at: hour(10) }));
    await sal.log(said('two', 'irc/2', { at: hour(11), author: 'bob' }));
    await sal.log(said('three', 'x', { at: hour(12), source: { kind: 'run', run: 41, seq: 3, line: 0 } }));
    await sal.log(said('four', 'irc/4', { at: hour(13) }));
    const found = async (query: object): Promise<string[]> =>
      (await sal.find({ limit: 10, ...query })).map(({ message }) => message);
    expect(await found({ since: hour(11) })).toEqual(['four', 'three', 'two']);
    expect(await found({ until: hour(12) })).toEqual(['two', 'one']);
    expect(await found({ since: hour(11), until: hour(13) })).toEqual(['three', 'two']);
    expect(await found({ author: 'ALICE' })).toEqual(['four', 'three', 'one']);
    expect(await found({ run: 41 })).toEqual(['three']);
    expect(await found({ run: 41, author: 'bob' })).toEqual([]);
    expect(await found({ words: ['alice'], since: hour(12), run: 41 })).toEqual(['three']);
  });

  it('can be read while another handle has it open for writing', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    await sal.log(said('depool codfw', 'irc/17'));
    const reader = openReadOnly(file.path);
    try {
      expect(await sqliteSalReader(reader).find({ words: ['depool'], limit: 1 })).toHaveLength(1);
    } finally {
      reader.close();
    }
  });

  it('says that it is unavailable when the file cannot be used, and logs nothing', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    const other = file.open();
    other.exec('BEGIN IMMEDIATE');
    await expect(sal.log(said('depool codfw', 'irc/17'))).rejects.toThrow(SalUnavailable);
    other.exec('ROLLBACK');
    expect(await sal.find({ limit: 1 })).toEqual([]);
  });

  it('moves the follower forward only together with its entries', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    const line = (seq: number) =>
      said(`line of ${seq}`, '', { source: { kind: 'run', run: 41, seq, line: 0 } });
    expect(await sal.position()).toBe(0);
    expect(await sal.advance(12, [line(1), line(2)])).toHaveLength(2);
    expect(await sal.position()).toBe(12);
    const broken = { ...line(3), author: null as unknown as string };
    await expect(sal.advance(13, [line(4), broken])).rejects.toThrow(SalUnavailable);
    expect(await sal.position()).toBe(12);
    expect(await sal.find({ limit: 10 })).toHaveLength(2);
    await sal.advance(5, []);
    expect(await sal.position()).toBe(12);
  });
});

describe('searching the log', () => {
  const LINES = [
    'START - switchdc mediawiki for datacenter switchover from codfw to eqiad - T12345 (run 41)',
    'END (PASS) - switchdc mediawiki 00-reduce-ttl: observed after 5 min (run 41)',
    'Überprüfung der Datenbanken',
    '数据中心 从 codfw 切换到 eqiad',
    'ย้ายศูนย์ข้อมูล',
    'मीडियाविकि केवल पठन',
    'all good 👍',
    'rm -rf "/srv/O\'Brien" OR NOT; DROP TABLE sal_entry --',
  ];

  const search = async (...words: string[]): Promise<number[]> => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    for (const [index, text] of LINES.entries()) await sal.log(said(text, `irc/${index}`));
    return (await sal.find({ words, limit: 100 })).map(({ message }) => LINES.indexOf(message));
  };

  it.each<[string, string[], number[]]>([
    ['a word, whatever its case', ['SWITCHDC'], [1, 0]],
    ['all of several words, in any order', ['eqiad', 'codfw', 'start'], [0]],
    ['words that stand next to each other', ['from codfw'], [0]],
    ['but not those that do not', ['codfw from'], []],
    ['a whole word only', ['switch'], []],
    ['the beginning of one, where that is asked for', ['switch*'], [1, 0]],
    ['the name of a task, hyphens and all', ['00-reduce-ttl'], [1]],
    ['a task of the tracker and no longer one', ['T1234'], []],
    ['a word with accents, typed without', ['uberprufung'], [2]],
    ['a part of a text without spaces', ['切换'], [3]],
    ['a part of a text without spaces and a word', ['切换', 'EQIAD'], [3]],
    ['Thai', ['ศูนย์'], [4]],
    ['Hindi', ['केवल'], [5]],
    ['an emoji', ['👍'], [6]],
    ['an author', ['alice'], [7, 6, 5, 4, 3, 2, 1, 0]],
    ['words that are operators elsewhere', ['OR', 'NOT'], [7]],
    ['quotes and semicolons', [`"/srv/O'Brien"`], [7]],
    ['something in another column of the index', ['message:codfw'], []],
    ['everything, when only white space is asked for', ['  ', ''], [7, 6, 5, 4, 3, 2, 1, 0]],
    ['everything, when only a star is asked for', ['*'], [7, 6, 5, 4, 3, 2, 1, 0]],
    ['nothing for a lone sign that is nowhere', ['^'], []],
  ])('finds %s', async (_, words, expected) => {
    expect(await search(...words)).toEqual(expected);
  });

  it('answers any words of any length, and finds a line by each of its own words', async () => {
    using file = new TemporaryFile();
    const sal = sqliteSal(file.open());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }), async (words) => {
        expect(Array.isArray(await sal.find({ words, limit: 5 }))).toBe(true);
      }),
      { numRuns: 300 },
    );
    await sal.find({ words: Array.from({ length: 2_000 }, (_, index) => `w${index}`), limit: 5 });
    await sal.find({ words: ['nul\0nul', '\0', '"\0*'], limit: 5 });
    await sal.find({ words: ['x'.repeat(1_000_000), '"'.repeat(1_000)], limit: 5 });
    for (const [index, text] of LINES.entries()) {
      const logged = await sal.log(said(text, `irc/${index}`));
      for (const word of text.split(' '))
        expect(await sal.find({ words: [word], limit: 100 })).toContainEqual(logged);
    }
  });
});
