import { afterAll, beforeAll } from '@jest/globals';
import { systemClock } from '../../../src/domain/clock.js';
import { databasesContract } from '../../contracts/databases.contract.js';
import { type OpenLab, openDatabases, openLab, pairOf } from './support.js';

let open: OpenLab;
beforeAll(async () => {
  open = await openLab(['s1', 's2'], { linkDelay: 16.5 });
}, 60_000);
afterAll(() => open[Symbol.asyncDispose](), 60_000);

databasesContract('of MariaDB', async (run) => {
  const { lab } = open;
  const [first, second] = [pairOf('s1'), pairOf('s2')];
  await lab.reset();
  await using databases = await openDatabases(lab);
  await run({
    databases,
    clock: systemClock(),
    pairs: [first, second],
    write: async () => {
      await Promise.all([first, second].map(([primary]) => lab.write(primary, 'an edit')));
    },
    openTransaction: async () => {
      await lab.holdTransaction(first[0]);
    },
    async stopReplication() {
      await lab.stopReplication(first[1]);
      return () => lab.startReplication(first[1]);
    },
    takeDown: (primary) => lab.server(primary).process.kill(),
  });
});
