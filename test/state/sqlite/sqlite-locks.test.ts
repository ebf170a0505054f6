import { locksContract } from '../../contracts/locks.contract.js';
import { embeddedStore } from './embedded-store.js';

locksContract('in SQLite', async (run) => {
  using file = embeddedStore();
  const first = file.open();
  await run({
    locks: first.locks,
    other: file.open().locks,
    clock: file.clock,
    // As when the disk is gone: every statement fails from now on.
    cutOff: () => first.database.close(),
  });
});
