import { ledgerMigrations } from '../../src/announcements/sqlite/migrations.js';
import type { DeliveryLedger } from '../../src/announcements/delivery-ledger.js';
import { sqliteLedger } from '../../src/announcements/sqlite/sqlite-ledger.js';
import { type Sqlite, openDatabase } from '../../src/storage/open-database.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A ledger's file that is there for one test; opening it is what a new process does. */
export class LedgerFile implements Disposable {
  readonly #folder = temporaryFolder();
  readonly path = this.#folder.file('ledger.db');
  #database: Sqlite | undefined;

  /** Closes what was open before, as the death of its process does. */
  open(): DeliveryLedger {
    return sqliteLedger(this.database());
  }

  database(): Sqlite {
    this.#database?.close();
    this.#database = openDatabase(this.path, ledgerMigrations, 'none');
    return this.#database;
  }

  [Symbol.dispose](): void {
    this.#database?.close();
    this.#folder[Symbol.dispose]();
  }
}
