import type { Clock } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import { type Instant, type Millis, plus } from '../../domain/instant.js';
import { type Sqlite, writing } from '../../storage/open-database.js';
import { LeaseLost, LockHeld, StoreUnavailable } from '../errors.js';
import type { Lease, LockHolder, LockName, LockOwner, Locks } from '../locks.js';
import { sqliteCode } from '../../storage/sqlite-code.js';
import { type HeldLease, keepLeases } from './keep-leases.js';

/**
 * A lease is given up this much of its life before the store frees it: for the calls that are still under way. Waiting
 * until the store frees it would mean two holders for a moment.
 */
const GIVE_UP_AT = 0.8;

interface Row {
  lock: string;
  fence: number;
  installation: string;
  run: number;
  expires_at: number;
}

export interface EmbeddedLocks extends Locks {
  /** Ends all renewing; leases that are held stay until their end. */
  close(): void;
}

/** Leases and fences in the file of the state store, so that a write can compare its fence inside its transaction. */
export function sqliteLocks(database: Sqlite, clock: Clock): EmbeddedLocks {
  const statements = lockStatements(database);
  const keeper = keepLeases(clock, renew);

  /** Renews all that are due in one transaction; each is held on, or lost for good. */
  function renew(leases: readonly HeldLease[]): void {
    const now = clock.now();
    writing(database, () => {
      for (const lease of leases) {
        const renewed = statements.renew.run({
          now,
          lock: lease.name,
          fence: lease.fence,
          expires: now + lease.ttl,
        });
        if (renewed.changes === 1) lease.giveUpAt = later(lease.giveUpAt, plus(now, lease.ttl * GIVE_UP_AT));
        else lease.lose(`the lease of ${lease.name} ended before it was renewed`);
      }
    });
  }

  function take(name: LockName, ttl: Millis, owner: LockOwner, at: Instant): number {
    const row = statements.find.get(name) as Row | undefined;
    if (row !== undefined && row.expires_at > at && !sameOwner(row, owner))
      throw new LockHeld(holderOf(row, at));
    const fence = statements.nextFence.get({ lock: name, ...owner, at }) as number;
    statements.take.run({ lock: name, fence, ...owner, expires: at + ttl });
    return fence;
  }

  function leaseOf(held: HeldLease, owner: LockOwner): Lease {
    return {
      name: held.name,
      fence: { lock: held.name, number: held.fence },
      owner,
      lost: held.lost,
      remaining: () => (held.lost.aborted ? 0 : Math.max(0, held.giveUpAt - clock.now())),
      async extend(length) {
        const now = clock.now();
        const giveUpAt = plus(now, length);
        const expires = giveUpAt + held.ttl * (1 - GIVE_UP_AT);
        const { changes } = held.lost.aborted
          ? { changes: 0 }
          : inStore(() => statements.renew.run({ now, lock: held.name, fence: held.fence, expires }));
        if (changes === 0) throw new LeaseLost(held.name);
        held.giveUpAt = later(held.giveUpAt, giveUpAt);
      },
      async release() {
        keeper.drop(held);
        inStore(() => statements.free.run(held.name, held.fence));
      },
    };
  }

  return {
    async acquire(name, ttl, owner, since) {
      const at = clock.now();
      const { fence, heldByAnother } = inStore(() =>
        writing(database, () => ({
          heldByAnother:
            since !== undefined && statements.others.get({ lock: name, since, ...owner }) !== undefined,
          fence: take(name, ttl, owner, at),
        })),
      );
      const held = keeper.keep(name, fence, ttl, plus(at, ttl * GIVE_UP_AT));
      return { lease: leaseOf(held, owner), heldByAnother };
    },
    async holders() {
      const at = clock.now();
      return inStore(() => (statements.held.all(at) as Row[]).map((row) => holderOf(row, at)));
    },
    close: () => keeper.close(),
  };
}

function lockStatements(database: Sqlite) {
  return {
    find: database.prepare('SELECT * FROM lease WHERE lock = ?'),
    held: database.prepare('SELECT * FROM lease WHERE expires_at > ? ORDER BY lock'),
    nextFence: database
      .prepare(
        `INSERT INTO fence (lock, installation, run, at) VALUES (:lock, :installation, :run, :at) RETURNING number`,
      )
      .pluck(),
    others: database.prepare(
      `SELECT 1 FROM fence WHERE lock = :lock AND number > :since
       AND NOT (installation = :installation AND run = :run) LIMIT 1`,
    ),
    take: database.prepare(
      `INSERT INTO lease (lock, fence, installation, run, expires_at)
       VALUES (:lock, :fence, :installation, :run, :expires)
       ON CONFLICT (lock) DO UPDATE SET fence = excluded.fence, installation = excluded.installation,
         run = excluded.run, expires_at = excluded.expires_at`,
    ),
    renew: database.prepare(
      `UPDATE lease SET expires_at = max(expires_at, :expires) WHERE lock = :lock AND fence = :fence AND expires_at > :now`,
    ),
    free: database.prepare('UPDATE lease SET expires_at = 0 WHERE lock = ? AND fence = ?'),
  };
}

function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

function sameOwner(row: Row, owner: LockOwner): boolean {
  return row.installation === owner.installation && row.run === owner.run;
}

function holderOf(row: Row, at: Instant): LockHolder {
  return {
    name: row.lock,
    owner: { installation: row.installation, run: row.run },
    expiresIn: row.expires_at - at,
  };
}

function inStore<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
    throw new StoreUnavailable(`the locks cannot be reached (${explainError(error)})`, { cause: error });
  }
}
