import { expect, test } from '@jest/globals';
import type { Journal } from '../../src/runner/journal.js';
import type { Ports } from '../../src/runner/ports.js';
import { openRunner } from '../../src/runner/runner.js';
import { journalMigrations, sqliteJournal } from '../../src/runner/sqlite/sqlite-journal.js';
import { openInMemory } from '../../src/storage/open-snapshot.js';
import { ToyHouse } from '../support/toy-house.js';
import { noApproval } from '../support/toy-runbook.js';

test('a run whose journal cannot be read is told of, and ends neither the process nor another run', async () => {
  const database = openInMemory(journalMigrations);
  const journal: Journal = {
    ...sqliteJournal(database),
    read: () => Promise.reject(new Error('a page of the file is damaged')),
  };
  const troubles: string[] = [];
  const runner = openRunner({
    journal,
    clock: ToyHouse.clock(),
    ports: {} as Ports,
    runbooks: [],
    installation: 'test',
    policy: () => noApproval,
    permitSubject: () => {
      throw new Error('nothing is written here');
    },
    datacenterOf: () => undefined,
    trouble: (text) => troubles.push(text),
  });
  await runner.drive(1);
  expect(troubles).toEqual(['run 1 cannot be driven: a page of the file is damaged']);
  expect(runner.isDriven(1)).toBe(false);
  await runner.close();
  database.close();
});
