import { describe, expect, it } from '@jest/globals';
import type { Journal, Recorded } from '../../src/runner/journal.js';
import { sqliteJournal } from '../../src/runner/sqlite/sqlite-journal.js';
import { SalUnavailable } from '../../src/sal/errors.js';
import type { SalEntry } from '../../src/sal/entry.js';
import type { FollowerLog } from '../../src/sal/follower-log.js';
import { followJournal } from '../../src/sal/follower.js';
import type { Sal } from '../../src/sal/sal.js';
import { sqliteSal } from '../../src/sal/sqlite/sqlite-sal.js';
import { TemporaryFile } from './support.js';
import { CLOSES, OPENS, ToldRun, allLines, context } from './told-run.js';

const story = (run: number): ToldRun =>
  new ToldRun('live', run)
    .add({ kind: 'run-started', digest: 'abc' })
    .acted('00-reduce-ttl')
    .acted(OPENS)
    .acted(CLOSES)
    .end('PASS', { observed: 3 });

async function write(journal: Journal, recorded: readonly Recorded[]): Promise<void> {
  for (const { run, seq, entry, at } of recorded) {
    if (entry.kind === 'run-requested') await journal.begin(entry, at);
    else await journal.append(run, seq, entry, at);
  }
}

/** Follows until as many entries as given are in the log. */
async function followUntil(journal: Journal, sal: Sal & FollowerLog, entries: number): Promise<SalEntry[]> {
  const end = new AbortController();
  const logged: SalEntry[] = [];
  const already = (await sal.find({ limit: 10_000 })).length;
  await followJournal(
    {
      journal,
      log: sal,
      project: 'production',
      contextOf: () => context,
      logged: (entry) => {
        logged.push(entry);
        if (already + logged.length >= entries) end.abort();
      },
    },
    end.signal,
  );
  return logged;
}

const inOrder = async (sal: Sal): Promise<SalEntry[]> => (await sal.find({ limit: 10_000 })).reverse();

describe('the follower of the journal', () => {
  it('logs what happened before it began, with true times and sources', async () => {
    using file = new TemporaryFile();
    const database = file.open();
    const [journal, sal] = [sqliteJournal(database), sqliteSal(database)];
    const told = story(1);
    await write(journal, told.recorded);
    const expected = allLines(told);
    const logged = await followUntil(journal, sal, expected.length);
    expect(logged).toEqual(await inOrder(sal));
    expect(logged.map(({ author, message }) => ({ author, text: message }))).toEqual(expected);
    for (const { source, at, project } of logged) {
      if (source.kind !== 'run') throw new Error('not of a run');
      expect(at).toBe(told.recorded[source.seq - 1]!.at);
      expect(project).toBe('production');
    }
  });

  it('goes on with what is appended while it follows', async () => {
    using file = new TemporaryFile();
    const database = file.open();
    const [journal, sal] = [sqliteJournal(database), sqliteSal(database)];
    const told = story(1);
    const following = followUntil(journal, sal, allLines(told).length);
    await write(journal, told.recorded);
    expect((await following).map(({ message }) => message)).toEqual(allLines(told).map(({ text }) => text));
  });

  it('misses nothing and doubles nothing, wherever it is stopped and started anew', async () => {
    const [first, second] = [story(1), story(2)];
    const texts = (told: ToldRun): string[] => allLines(told).map(({ text }) => text);
    const both = [...texts(first), ...texts(second)];
    for (let stop = 1; stop < both.length; stop += 1) {
      using file = new TemporaryFile();
      const database = file.open();
      const journal = sqliteJournal(database);
      await write(journal, first.recorded);
      await write(journal, second.recorded);
      await followUntil(journal, sqliteSal(database), stop);
      const sal = sqliteSal(file.open());
      expect((await inOrder(sal)).length).toBeLessThan(both.length);
      await followUntil(journal, sal, both.length);
      expect((await inOrder(sal)).map(({ message }) => message)).toEqual(both);
    }
  });

  it('logs nothing twice when its place was lost and it begins anew', async () => {
    using file = new TemporaryFile();
    const database = file.open();
    const [journal, sal] = [sqliteJournal(database), sqliteSal(database)];
    const told = story(1);
    await write(journal, told.recorded);
    await followUntil(journal, sal, allLines(told).length);
    database.exec('DELETE FROM cursor');
    const more = story(2);
    await write(journal, more.recorded);
    const end = new AbortController();
    await followJournal(
      {
        journal,
        log: sal,
        project: 'production',
        contextOf: () => context,
        logged: ({ source }) => {
          if (source.kind === 'run' && source.run === 2 && source.seq === more.recorded.length) end.abort();
        },
      },
      end.signal,
    );
    expect((await inOrder(sal)).length).toBe(allLines(told).length + allLines(more).length);
  });

  it('ends with an error when the log cannot be written, and goes on from there when it is called again', async () => {
    using file = new TemporaryFile();
    const database = file.open();
    const [journal, sal] = [sqliteJournal(database), sqliteSal(database)];
    const told = story(1);
    await write(journal, told.recorded);
    const other = file.open();
    other.exec('BEGIN IMMEDIATE');
    await expect(followUntil(journal, sal, 1)).rejects.toThrow(SalUnavailable);
    other.exec('ROLLBACK');
    await followUntil(journal, sal, allLines(told).length);
    expect((await inOrder(sal)).map(({ message }) => message)).toEqual(
      allLines(told).map(({ text }) => text),
    );
  });

  it('logs nothing of a dry run, and does not read it again', async () => {
    using file = new TemporaryFile();
    const database = file.open();
    const [journal, sal] = [sqliteJournal(database), sqliteSal(database)];
    const dry = new ToldRun('dry-run', 1).add({ kind: 'run-started', digest: 'abc' }).acted(OPENS);
    await write(journal, dry.end('PASS', { shown: 1 }).recorded);
    // A journal that ends instead of waiting for more.
    const finished = async function* (cursor: number): AsyncIterable<Recorded> {
      yield* await journal.after(cursor, 1_000);
    };
    await followUntil({ ...journal, follow: finished }, sal, 1);
    expect(await inOrder(sal)).toEqual([]);
    expect(await sal.position()).toBe(dry.recorded.length);
  });
});
