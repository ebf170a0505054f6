import { randomBytes } from 'node:crypto';
import { DAY, type Instant } from '../../domain/instant.js';
import type { Migration, Sqlite } from '../../storage/open-database.js';
import { writing } from '../../storage/open-database.js';
import type { DeliveryKey } from '../platform.js';
import { type Heard, heardSchema } from './heard.js';

export const slackMigrations: readonly Migration[] = [
  {
    name: 'slack-inbox-1',
    sql: `
      CREATE TABLE slack_inbox (
        id       TEXT PRIMARY KEY,
        delivery TEXT NOT NULL UNIQUE,
        heard    TEXT NOT NULL,
        at       INTEGER NOT NULL,
        tries    INTEGER NOT NULL DEFAULT 0,
        handled  INTEGER NOT NULL DEFAULT 0 CHECK (handled IN (0, 1))
      ) STRICT;
      CREATE TABLE slack_choice (
        id      TEXT PRIMARY KEY,
        channel TEXT NOT NULL,
        command TEXT NOT NULL,
        at      INTEGER NOT NULL,
        UNIQUE (channel, command)
      ) STRICT;
      CREATE TABLE slack_thread (key TEXT PRIMARY KEY, thread TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    `,
  },
];

/** Slack delivers again for an hour at most. */
const KEPT = 7 * DAY;
/** A run that waits for people may wait for weeks. */
const CHOICES_KEPT = 90 * DAY;

export interface Leftover {
  readonly heard: Heard;
  /** How often it was taken up before. */
  readonly tries: number;
}

/** What Slack delivered, what its buttons stand for, and which threads are used: through restarts. Each call is one transaction. */
export interface Inbox {
  /** Durable when it returns; false where this delivery, or what it is about, is known already. */
  put(heard: Heard, at: Instant): boolean;
  /** Notes that it is being taken up. */
  taken(id: string): void;
  /** It needs nothing more. */
  handled(id: string): void;
  find(id: string): Heard | undefined;
  /** What was acknowledged and never handled, oldest first. */
  leftovers(): readonly Leftover[];
  /** An id that says nothing, for a button in this channel; the same one whenever it is shown again. */
  choice(channel: string, command: string, at: Instant): string;
  commandOf(choice: string): string | undefined;
  /** Notes in which thread a delivery is about to be sent: a channel can only be searched thread by thread. */
  sendsBelow(key: DeliveryKey, thread: string, at: Instant): void;
  threadOf(key: DeliveryKey): string | undefined;
}

/** Opens the tables of `slackMigrations`, and forgets what is too old to matter. */
export function openInbox(database: Sqlite, now: Instant): Inbox {
  writing(database, () => {
    database.prepare('DELETE FROM slack_inbox WHERE handled = 1 AND at < ?').run(now - KEPT);
    database.prepare('DELETE FROM slack_choice WHERE at < ?').run(now - CHOICES_KEPT);
    database.prepare('DELETE FROM slack_thread WHERE at < ?').run(now - KEPT);
  });
  const put = database.prepare(
    'INSERT INTO slack_inbox (id, delivery, heard, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const taken = database.prepare('UPDATE slack_inbox SET tries = tries + 1 WHERE id = ?');
  const handled = database.prepare('UPDATE slack_inbox SET handled = 1 WHERE id = ?');
  const find = database.prepare('SELECT heard FROM slack_inbox WHERE id = ?').pluck();
  const open = database.prepare('SELECT heard, tries FROM slack_inbox WHERE handled = 0 ORDER BY rowid');
  const offer = database.prepare(
    'INSERT INTO slack_choice (id, channel, command, at) VALUES (?, ?, ?, ?) ON CONFLICT (channel, command) DO UPDATE SET at = excluded.at',
  );
  const offered = database.prepare('SELECT id FROM slack_choice WHERE channel = ? AND command = ?').pluck();
  const command = database.prepare('SELECT command FROM slack_choice WHERE id = ?').pluck();
  const below = database.prepare(
    'INSERT INTO slack_thread (key, thread, at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET thread = excluded.thread',
  );
  const thread = database.prepare('SELECT thread FROM slack_thread WHERE key = ?').pluck();
  return {
    put: (heard, at) => put.run(heard.id, heard.delivery, JSON.stringify(heard), at).changes === 1,
    taken: (id) => void taken.run(id),
    handled: (id) => void handled.run(id),
    find(id) {
      const json = find.get(id) as string | undefined;
      return json === undefined ? undefined : heardOf(json);
    },
    leftovers: () =>
      (open.all() as { heard: string; tries: number }[]).map(({ heard, tries }) => ({
        heard: heardOf(heard),
        tries,
      })),
    choice(channel, wanted, at) {
      offer.run(randomBytes(16).toString('base64url'), channel, wanted, at);
      return offered.get(channel, wanted) as string;
    },
    commandOf: (choice) => command.get(choice) as string | undefined,
    sendsBelow: (key, thread, at) => void below.run(key, thread, at),
    threadOf: (key) => thread.get(key) as string | undefined,
  };
}

function heardOf(json: string): Heard {
  return heardSchema.parse(JSON.parse(json));
}
