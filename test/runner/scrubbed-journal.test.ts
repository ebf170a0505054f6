import { expect, test } from '@jest/globals';
import { scrubberOf } from '../../src/domain/scrub.js';
import { scrubbedJournal } from '../../src/runner/scrubbed-journal.js';
import { journalMigrations, sqliteJournal } from '../../src/runner/sqlite/sqlite-journal.js';
import { openInMemory } from '../../src/storage/open-snapshot.js';
import { caller, START } from '../support/toy-house.js';

test('a secret in an outcome or in what a person says never reaches the journal’s file', async () => {
  const database = openInMemory(journalMigrations);
  const journal = scrubbedJournal(sqliteJournal(database), scrubberOf(['hunter2hunter2']));
  const by = caller('alice', 'operator').said;
  const begun = await journal.begin(
    {
      kind: 'run-requested',
      runbook: 'toy',
      version: '1',
      params: {},
      mode: 'live',
      reason: { text: 'the password is hunter2hunter2' },
      by,
      description: 'a toy',
      plan: { digest: 'd', phases: [] },
      policy: { approvals: 0, mayAnswer: [], needs: [], expiresAfter: 1 },
    },
    START,
  );
  await journal.append(
    begun.run,
    2,
    {
      kind: 'step-ended',
      task: '00-a',
      step: 'apply',
      direction: 'forward',
      round: 1,
      attempt: 1,
      outcome: { kind: 'done', done: { output: 'login with hunter2hunter2 ok' } },
      took: 1,
    },
    START,
  );
  const stored = database.prepare('SELECT group_concat(entry) FROM journal').pluck().get();
  expect(stored).not.toContain('hunter2');
  expect(stored).toContain('[secret]');
  database.close();
});

test('a message whose id holds a secret is found again all the same', async () => {
  const database = openInMemory(journalMigrations);
  const journal = scrubbedJournal(sqliteJournal(database), scrubberOf(['hunter2hunter2']));
  const by = { ...caller('alice', 'operator').said, message: 'irc/#ops/hunter2hunter2' };
  await journal.append(1, 1, { kind: 'run-resumed', by }, START);
  expect(await journal.saidWith(by.message)).toHaveLength(1);
  expect(JSON.stringify(database.prepare('SELECT * FROM journal').all())).not.toContain('hunter2');
  database.close();
});
