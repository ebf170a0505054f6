import { z } from 'zod';
import { ImpossibleState } from '../../domain/errors.js';
import { instant } from '../../domain/instant.js';
import { type Migration, type Sqlite, writing } from '../../storage/open-database.js';
import type { Message } from '../message.js';
import type { Arrived, Outbox, Waiting } from '../outbox.js';

export const outboxMigrations: readonly Migration[] = [
  {
    name: 'outbox-1',
    sql: `
      CREATE TABLE outbox (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        key      TEXT NOT NULL UNIQUE,
        platform TEXT NOT NULL,
        channel  TEXT NOT NULL,
        message  TEXT NOT NULL,
        at       INTEGER NOT NULL,
        state    TEXT NOT NULL CHECK (state IN ('queued', 'written', 'sent')),
        proof    TEXT,
        CHECK ((state = 'sent') = (proof IS NOT NULL))
      ) STRICT;
      CREATE INDEX outbox_waiting ON outbox (platform, position) WHERE state <> 'sent';
    `,
  },
];

/** The outbox in a file that this process alone writes, opened with `outboxMigrations`. Each call is one transaction. */
export function sqliteOutbox(database: Sqlite): Outbox {
  const put = database.prepare(
    `INSERT INTO outbox (key, platform, channel, message, at, state) VALUES (:key, :platform, :channel, :message, :at, 'queued')
     ON CONFLICT (key) DO UPDATE SET message = excluded.message, state = 'queued', proof = NULL`,
  );
  const written = database.prepare(`UPDATE outbox SET state = 'written' WHERE key = ? AND state = 'queued'`);
  const sent = database.prepare(`UPDATE outbox SET state = 'sent', proof = ? WHERE key = ?`);
  const dropped = database.prepare('DELETE FROM outbox WHERE key = ?');
  const find = database.prepare('SELECT * FROM outbox WHERE key = ?');
  const waiting = database.prepare(
    `SELECT * FROM outbox WHERE platform = ? AND state <> 'sent' ORDER BY position`,
  );
  const forget = database.prepare(`DELETE FROM outbox WHERE state = 'sent' AND at < ?`);
  const each = (keys: readonly string[], change: (key: string) => void): void => {
    if (keys.length > 0) writing(database, () => keys.forEach(change));
  };
  return {
    put({ key, to, message, at }) {
      put.run({ key, platform: to.platform, channel: to.channel, message: JSON.stringify(message), at });
    },
    written: (keys) => each(keys, (key) => void written.run(key)),
    sent: (keys, proof) => each(keys, (key) => void sent.run(proof, key)),
    dropped: (keys) => each(keys, (key) => void dropped.run(key)),
    find(key) {
      const row = find.get(key);
      return row === undefined ? undefined : entryOf(row);
    },
    waiting: (platform) =>
      waiting
        .all(platform)
        .map(entryOf)
        .filter((entry) => entry.state !== 'sent'),
    forget: (before) => void forget.run(before),
  };
}

const outboxRow = z.object({
  key: z.string(),
  platform: z.enum(['irc', 'slack', 'terminal']),
  channel: z.string(),
  message: z.string(),
  at: z.number().int().transform(instant),
  state: z.enum(['queued', 'written', 'sent']),
  proof: z.string().nullable(),
});

/** The message is ours, written above; only its frame is looked at. */
const writtenMessage = z.object({
  tone: z.enum(['plain', 'good', 'warning', 'alarm']),
  blocks: z.array(z.object({ kind: z.string() }).loose()),
});

function entryOf(row: unknown): Waiting | Arrived {
  const parsed = outboxRow.safeParse(row);
  if (!parsed.success) throw new ImpossibleState('a row of the outbox is damaged', { cause: parsed.error });
  const { key, platform, channel, message, at, state, proof } = parsed.data;
  const to = { platform, channel };
  if (state === 'sent') return { key, to, state, at, proof: proof ?? '' };
  return { key, to, message: writtenMessage.parse(JSON.parse(message)) as unknown as Message, at, state };
}
