import { expect, test } from '@jest/globals';
import { watchedJournal } from '../../src/compose/watched-journal.js';
import { RunMoved } from '../../src/runner/errors.js';
import type { Journal } from '../../src/runner/journal.js';
import { journalMigrations, sqliteJournal } from '../../src/runner/sqlite/sqlite-journal.js';
import { openInMemory } from '../../src/storage/open-snapshot.js';
import { ToyDisk } from '../support/toy-flaky-journal.js';
import { caller, START } from '../support/toy-house.js';

const hold = { kind: 'run-held', because: 'lunch', by: caller('alice').said } as const;

/** Two runs on a disk that can become full; what the watch is told. */
async function watched(): Promise<{ journal: Journal; disk: ToyDisk; told: string[] }> {
  const disk = new ToyDisk();
  const told: string[] = [];
  const journal = watchedJournal(disk.under(sqliteJournal(openInMemory(journalMigrations))), {
    stopped: (run, error) => told.push(`${run} stopped: ${error.message}`),
    goesOn: (run) => told.push(`${run} goes on`),
  });
  return { journal, disk, told };
}

const trying = (journal: Journal, run: number, seq: number): Promise<unknown> =>
  journal.append(run, seq, hold, START).catch((error: unknown) => error);

test('a run whose entries are not taken is told of once, and once more when they are', async () => {
  const { journal, disk, told } = await watched();
  await trying(journal, 1, 1);
  expect(told).toEqual([]);
  disk.refuses = 3;
  for (let attempt = 0; attempt < 3; attempt += 1) await trying(journal, 1, 2);
  expect(told).toEqual(['1 stopped: the disk is full']);
  await trying(journal, 1, 2);
  await trying(journal, 1, 3);
  expect(told).toEqual(['1 stopped: the disk is full', '1 goes on']);
  disk.refuses = 1;
  await trying(journal, 1, 4);
  expect(told).toHaveLength(3);
});

test('each run is told of for itself', async () => {
  const { journal, disk, told } = await watched();
  disk.refuses = 2;
  await trying(journal, 1, 1);
  await trying(journal, 2, 1);
  await trying(journal, 2, 1);
  expect(told).toEqual(['1 stopped: the disk is full', '2 stopped: the disk is full', '2 goes on']);
});

test('whoever appends learns of it all the same; another writer is no full disk', async () => {
  const { journal, disk, told } = await watched();
  disk.refuses = 1;
  await expect(journal.append(1, 1, hold, START)).rejects.toThrow('the disk is full');
  expect(await trying(journal, 1, 7)).toBeInstanceOf(RunMoved);
  expect(told).toEqual(['1 stopped: the disk is full']);
});
