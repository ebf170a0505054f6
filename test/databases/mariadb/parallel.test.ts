import { expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/domain/instant.js';
import { by, openDatabases, openLab, until } from './support.js';

test('twelve primaries are set at the same time: each has the statement before any has carried it out', async () => {
  await using open = await openLab(['s1', 's2', 's3', 's4', 's5', 's6']);
  const { lab } = open;
  await using databases = await openDatabases(lab);
  const all = lab.servers.map(({ primary }) => primary);
  expect(all).toHaveLength(12);
  // Each is writable and has a statement running, so that none can answer before it is released.
  await Promise.all(lab.servers.map((server) => server.sql('SET GLOBAL read_only=0')));
  const held = await Promise.all(all.map((primary) => lab.holdStatement(primary)));
  const setting = databases.setAccess(all, 'read-only', by, MINUTE);
  const asked =
    "SELECT 1 FROM information_schema.processlist WHERE info LIKE '%FOR SET%' AND user = 'switchdc'";
  await Promise.all(lab.servers.map((server) => until(async () => (await server.sql(asked)).length > 0)));
  expect(await databases.access(all)).toEqual(
    all.map((primary) => ({ primary, access: { answered: true, value: 'read-write' } })),
  );
  await Promise.all(held.map((statement) => statement.release()));
  expect(await setting).toEqual(
    all.map((primary) => ({ primary, access: { answered: true, value: 'read-only' } })),
  );
}, 60_000);

test('connections are open before they are needed, and a statement makes no further one', async () => {
  await using open = await openLab(['s1']);
  await using databases = await openDatabases(open.lab);
  const all = open.lab.servers.map(({ primary }) => primary);
  const made = (): Promise<number[]> =>
    Promise.all(
      open.lab.servers.map(async (server) => {
        const [row] = await server.sql(
          "SELECT COUNT(*) AS count, MAX(id) AS last FROM information_schema.processlist WHERE user = 'switchdc'",
        );
        expect(row?.['count']).toBe(2);
        return Number(row?.['last']);
      }),
    );
  const before = await made();
  await databases.setAccess(all, 'read-only', by, MINUTE);
  await Promise.all([databases.access(all), databases.positions(all)]);
  expect(await made()).toEqual(before);
}, 60_000);
