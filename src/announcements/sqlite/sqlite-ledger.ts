import { z } from 'zod';
import { ImpossibleState } from '../../domain/errors.js';
import { instant } from '../../domain/instant.js';
import { type Sqlite, writing } from '../../storage/open-database.js';
import { sqliteCode } from '../../storage/sqlite-code.js';
import type { DeliveryLedger } from '../delivery-ledger.js';
import type { Delivery } from '../delivery.js';
import { LedgerContradiction, LedgerUnavailable } from '../errors.js';

const NEXT_TURN = '(SELECT coalesce(max(turn), 0) + 1 FROM delivery)';

/** The ledger in a file that this process alone writes, opened with `ledgerMigrations`. Each call is one transaction. */
export function sqliteLedger(database: Sqlite): DeliveryLedger {
  const select = database.prepare(
    'SELECT key, state, attempt, since, proof, because FROM delivery WHERE key = ?',
  );
  const begin = database.prepare(
    `INSERT INTO delivery (key, state, attempt, since, turn) VALUES (?, 'claimed', 1, ?, ${NEXT_TURN})
     ON CONFLICT (key) DO UPDATE SET state = 'claimed', attempt = attempt + 1, turn = ${NEXT_TURN}`,
  );
  const repeat = database.prepare(
    `UPDATE delivery SET attempt = attempt + 1, turn = ${NEXT_TURN} WHERE key = ?`,
  );
  const prove = database.prepare(`UPDATE delivery SET state = 'sent', proof = ? WHERE key = ?`);
  const giveUp = database.prepare(
    `INSERT INTO delivery (key, state, attempt, since, turn, because) VALUES (:key, 'not-sent', 0, :at, ${NEXT_TURN}, :because)
     ON CONFLICT (key) DO UPDATE SET because = :because, attempt = max(attempt - 1, 0),
       state = CASE WHEN attempt > 1 THEN 'claimed' ELSE 'not-sent' END`,
  );
  // Compared byte by byte: U+10FFFF, which no text holds, comes after every character of a longer key.
  const range = database.prepare(
    `SELECT key, state, attempt, since, proof, because FROM delivery
     WHERE key >= :prefix AND key < :prefix || char(0x10ffff) ORDER BY turn`,
  );

  const begins = database.prepare('INSERT OR IGNORE INTO ledger_began (one, at) VALUES (1, ?)');
  const beginning = database.prepare('SELECT at FROM ledger_began').pluck();

  const held = (key: string): Delivery | undefined => {
    const row = select.get(key);
    return row === undefined ? undefined : deliveryOfRow(row);
  };
  const claimed = (key: string, wanted: string): Delivery => {
    const delivery = held(key);
    if (delivery?.state === 'claimed') return delivery;
    throw new LedgerContradiction(`${key} cannot be ${wanted}: it is ${delivery?.state ?? 'not known'}`);
  };

  return {
    claim: (key, at) =>
      changing(database, () => {
        const before = held(key);
        if (before?.state === 'sent')
          return { state: 'already-done', attempt: before.attempt, since: before.since };
        if (before?.state === 'claimed')
          return { state: 'unknown', attempt: before.attempt, since: before.since };
        begin.run(key, at);
        return { state: 'claimed', attempt: (before?.attempt ?? 0) + 1, since: before?.since ?? at };
      }),
    confirm: (key, proof) =>
      changing(database, () => {
        if (held(key)?.state === 'sent') return;
        claimed(key, 'confirmed');
        prove.run(proof, key);
      }),
    notSent: (key, because, at) =>
      changing(database, () => {
        if (held(key)?.state === 'sent')
          throw new LedgerContradiction(`${key} cannot be not sent: it is sent`);
        giveUp.run({ key, because, at });
      }),
    again: (key) =>
      changing(database, () => {
        const { attempt } = claimed(key, 'sent again');
        repeat.run(key);
        return { attempt: attempt + 1 };
      }),
    began: (at) =>
      changing(database, () => {
        begins.run(at);
        return instant(z.number().parse(beginning.get()));
      }),
    deliveries: (prefix) => answering(() => range.all({ prefix }).map(deliveryOfRow)),
  };
}

const deliveryRow = z.object({
  key: z.string(),
  state: z.enum(['claimed', 'sent', 'not-sent']),
  attempt: z.number().int(),
  since: z.number().int().transform(instant),
  proof: z.string().nullable(),
  because: z.string().nullable(),
});

function deliveryOfRow(row: unknown): Delivery {
  const parsed = deliveryRow.safeParse(row);
  if (!parsed.success) throw new ImpossibleState('a row of the ledger is damaged', { cause: parsed.error });
  const { proof, because, ...rest } = parsed.data;
  return { ...rest, ...(proof === null ? {} : { proof }), ...(because === null ? {} : { because }) };
}

const changing = <T>(database: Sqlite, change: () => T): Promise<T> =>
  answering(() => writing(database, change));

async function answering<T>(ask: () => T): Promise<T> {
  try {
    return ask();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === undefined) throw error;
    throw new LedgerUnavailable(`the ledger cannot be used (${code})`, { cause: error });
  }
}
