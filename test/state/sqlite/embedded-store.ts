import { sqliteLocks } from '../../../src/state/sqlite/sqlite-locks.js';
import { sqliteState } from '../../../src/state/sqlite/sqlite-state.js';
import { stateMigrations } from '../../../src/state/sqlite/state-migrations.js';
import { openDatabase } from '../../../src/storage/open-database.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { virtualClock } from '../../support/virtual-clock.js';

/** The embedded state store in a file of its own, for one test; `open` opens it as one more process does. */
export function embeddedStore() {
  const folder = temporaryFolder();
  const clock = virtualClock();
  const closes: (() => void)[] = [];
  const open = () => {
    const database = openDatabase(folder.file('state.db'), stateMigrations, 'none');
    const locks = sqliteLocks(database, clock);
    const close = (): void => {
      locks.close();
      database.close();
    };
    closes.push(close);
    return { database, locks, state: sqliteState(database, clock), close };
  };
  return {
    clock,
    open,
    [Symbol.dispose]() {
      for (const close of closes) close();
      clock.stop();
      folder[Symbol.dispose]();
    },
  };
}
