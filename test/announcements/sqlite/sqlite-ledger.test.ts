import { expect, it } from '@jest/globals';
import { LedgerUnavailable } from '../../../src/announcements/errors.js';
import { sqliteLedger } from '../../../src/announcements/sqlite/sqlite-ledger.js';
import { instant } from '../../../src/domain/instant.js';
import { openDatabase } from '../../../src/storage/open-database.js';
import { ledgerContract } from '../../contracts/ledger.contract.js';
import { LedgerFile } from '../support.js';

ledgerContract('in SQLite', async (test) => {
  using file = new LedgerFile();
  await test({ ledger: file.open(), reopened: async () => file.open() });
});

it('the ledger in SQLite says that it is unavailable when the file is locked, and claims nothing', async () => {
  using file = new LedgerFile();
  const ledger = sqliteLedger(file.database());
  const other = openDatabase(file.path, []);
  try {
    other.exec('BEGIN IMMEDIATE');
    await expect(ledger.claim('a', instant(0))).rejects.toThrow(LedgerUnavailable);
    other.exec('ROLLBACK');
    expect(await ledger.claim('a', instant(0))).toMatchObject({ state: 'claimed' });
  } finally {
    other.close();
  }
});
