import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/domain/instant.js';
import type { Databases } from '../../../src/databases/databases.js';
import { type OpenLab, by, openDatabases, openLab, pairOf, until } from './support.js';

const [primary, replica] = pairOf('s1');
const [other] = pairOf('s2');
let open: OpenLab;
let databases: Databases & AsyncDisposable;

beforeAll(async () => {
  open = await openLab(['s1', 's2']);
  databases = await openDatabases(open.lab, { answerWithin: SECOND });
}, 60_000);
afterAll(async () => {
  await databases[Symbol.asyncDispose]();
  await open[Symbol.asyncDispose]();
}, 60_000);
beforeEach(() => open.lab.reset(), 30_000);

/** The statements of the switching user that a server has in its list. */
async function statementsOn(of: typeof primary): Promise<string[]> {
  const rows = await open.lab
    .server(of)
    .sql("SELECT info FROM information_schema.processlist WHERE user = 'switchdc' AND info IS NOT NULL");
  return rows.map((row) => String(row['info']));
}

describe('setting a MariaDB server read-only', () => {
  test('fails behind a statement that runs for longer than it may wait: it stays read-write and says why', async () => {
    await open.lab.holdStatement(primary);
    const answers = await databases.setAccess([primary, other], 'read-only', by, SECOND);
    expect(answers).toEqual([
      {
        primary,
        access: { answered: true, value: 'read-write' },
        refused: expect.stringMatching(/^within 1 s: .*(timeout|max_statement_time)/i),
      },
      { primary: other, access: { answered: true, value: 'read-only' } },
    ]);
    // Nothing is left behind that would take effect later, or that keeps others from writing.
    await open.lab.write(primary, 'after it was given up');
    expect(await databases.access([primary])).toEqual([
      { primary, access: { answered: true, value: 'read-write' } },
    ]);
  });

  test('waits for a statement that ends in time', async () => {
    const held = await open.lab.holdStatement(primary);
    const setting = databases.setAccess([primary], 'read-only', by, MINUTE);
    await until(async () => (await statementsOn(primary)).length > 0);
    expect((await databases.access([primary]))[0]?.access).toEqual({ answered: true, value: 'read-write' });
    await held.release();
    expect(await setting).toEqual([{ primary, access: { answered: true, value: 'read-only' } }]);
  });

  test('tells whoever looks at the list of statements which run it is and whose', async () => {
    const held = await open.lab.holdStatement(primary);
    const setting = databases.setAccess([primary], 'read-only', by, MINUTE);
    await until(async () => (await statementsOn(primary)).join().includes('/* switchdc run 41 by alice */'));
    await held.release();
    await setting;
  });

  test('does not wait for an open transaction, whose commit then fails', async () => {
    const transaction = await open.lab.holdTransaction(primary, 'too late');
    expect(await databases.setAccess([primary], 'read-only', by, SECOND)).toEqual([
      { primary, access: { answered: true, value: 'read-only' } },
    ]);
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'ER_OPTION_PREVENTS_STATEMENT' });
    const saved = await open.lab.server(primary).sql("SELECT 1 FROM app.work WHERE note = 'too late'");
    expect(saved).toEqual([]);
  });

  test('keeps the application from writing, and read-write lets it', async () => {
    await databases.setAccess([primary], 'read-only', by, SECOND);
    await expect(open.lab.write(primary, 'refused')).rejects.toMatchObject({
      code: 'ER_OPTION_PREVENTS_STATEMENT',
    });
    await databases.setAccess([replica], 'read-write', by, SECOND);
    await open.lab.write(replica, 'on the other side');
  });
});

describe('a statement to a MariaDB server that hangs', () => {
  test.each(['read-only', 'read-write'] as const)(
    'to become %s has no effect once its deadline has passed, even when the server goes on',
    async (access) => {
      const target = access === 'read-only' ? primary : replica;
      const server = open.lab.server(target);
      const [before] = await databases.access([target]);
      const threads = async (): Promise<unknown[]> =>
        (await server.sql("SELECT id FROM information_schema.processlist WHERE user = 'switchdc'")).map(
          ({ id }) => id,
        );
      const connected = await threads();
      await server.freeze();
      expect(await databases.setAccess([target], access, by, 300)).toEqual([
        { primary: target, access: { answered: false, because: expect.stringMatching(/^no answer within/) } },
      ]);
      server.process.thaw();
      // It reads what had been sent, does it, and only then finds that nobody listens any more.
      await until(async () => {
        const now = await threads();
        return !connected.every((id) => now.includes(id));
      });
      expect(await databases.access([target])).toEqual([before]);
    },
  );
});
