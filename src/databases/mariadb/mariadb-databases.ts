import { z } from 'zod';
import { type Instant, type Millis, SECOND, plus } from '../../domain/instant.js';
import { type Answer, type Databases, type Position, type PrimaryName, primaryName } from '../databases.js';
import { ofDomain } from './gtid.js';
import { NoAnswer } from './no-answer.js';
import { countOpenTransactions } from './open-transactions.js';
import type { MariadbOptions, MariadbPrimary } from './options.js';
import { readReplica, statusOf } from './replica-status.js';
import { parseServerTime } from './server-time.js';
import { Session } from './session.js';
import { readAccess, setReadOnly } from './set-read-only.js';
import { type ReplicationOrder, setReplication, untilSettled } from './set-replication.js';
import { unlessAborted } from './unless-aborted.js';
import { waitForPosition } from './wait-for-position.js';
import { WarmSessions } from './warm-sessions.js';

const ANSWERS_WITHIN: Millis = 2 * SECOND;

const positionRow = z.object({ domain: z.number(), written: z.string(), current: z.string() });
const heartbeatRow = z.object({ ts: z.string() });

/**
 * The database primaries as MariaDB servers. Opened, it has tried to connect to each of them; one that is away is told
 * as trouble, connected to in the background, and does not answer meanwhile.
 */
export async function openMariadbDatabases(options: MariadbOptions): Promise<Databases & AsyncDisposable> {
  const { primaries, user, clock, answerWithin = ANSWERS_WITHIN, notTheApplication = [] } = options;
  const servers = primaries.map((configured) => ({
    configured,
    sessions: warmSessions(configured, options, answerWithin),
  }));
  await Promise.all(servers.map(({ sessions }) => sessions.ready()));

  /** All at the same time; one that does not answer holds up nobody. */
  const ask = <T>(
    of: readonly PrimaryName[],
    what: (session: Session, primary: PrimaryName, index: number) => Promise<T>,
  ): Promise<Answer<T>[]> =>
    Promise.all(
      of.map(async (primary, index): Promise<Answer<T>> => {
        const found = servers.find(({ configured }) => isSame(configured.primary, primary));
        if (found === undefined) return { answered: false, because: 'there is no such server configured' };
        try {
          return {
            answered: true,
            value: await found.sessions.use((session) => what(session, primary, index)),
          };
        } catch (error) {
          if (error instanceof NoAnswer) return { answered: false, because: error.message };
          throw error;
        }
      }),
    );

  const inSectionOf = ({ section }: PrimaryName): MariadbPrimary[] =>
    primaries.filter(({ primary }) => primary.section === section);

  return {
    access: async (of) => {
      const answers = await ask(of, (session) => readAccess(session, answerWithin));
      return zip(of, answers, (primary, access) => ({ primary, access }));
    },
    positions: async (of) => {
      const answers = await ask(of, (session) => readPosition(session, answerWithin));
      return zip(of, answers, (primary, position) => ({ primary, position }));
    },
    async reached(of, within, signal) {
      const deadline = plus(clock.now(), within);
      const names = of.map(({ primary }) => primary);
      const waiting = ask(names, (session, _primary, index) => {
        const position = of[index]?.position ?? ('' as Position);
        return waitForPosition(session, { position, deadline, clock, signal, answerWithin });
      });
      const answers = await unlessAborted(waiting, signal);
      return zip(names, answers, (primary, reached) => ({ primary, reached }));
    },
    replication: async (of) => {
      const answers = await ask(of, async (session, primary) =>
        statusOf(await readReplica(session, answerWithin), inSectionOf(primary)),
      );
      return zip(of, answers, (primary, status) => ({ primary, status }));
    },
    heartbeats: async (of, writtenIn) => {
      const answers = await ask(of, (session) => readHeartbeat(session, writtenIn, answerWithin));
      return zip(of, answers, (primary, seen) => ({ primary, seen }));
    },
    openTransactions: async (of) => {
      const answers = await ask(of, (session) =>
        countOpenTransactions(session, [user, ...notTheApplication], answerWithin),
      );
      return zip(of, answers, (primary, open) => ({ primary, open }));
    },
    async setAccess(of, access, by, deadline) {
      const until = plus(clock.now(), deadline);
      const answers = await ask(of, (session) =>
        setReadOnly(session, { access, by, deadline, until, answerWithin }),
      );
      return zip(of, answers, (primary, answer) => {
        if (!answer.answered) return { primary, access: answer };
        const { access: now, refused } = answer.value;
        return {
          primary,
          access: { answered: true, value: now },
          ...(refused === undefined ? {} : { refused }),
        };
      });
    },
    async setReplication(of, to, by, deadline) {
      const until = plus(clock.now(), deadline);
      const orderFor = (primary: PrimaryName): ReplicationOrder => {
        const known = inSectionOf(primary);
        return { primary, to, by, known, account: options.replication, until, clock, answerWithin };
      };
      const done = await ask(of, (session, primary) => setReplication(session, orderFor(primary)));
      // By another session where a statement had no answer: that one is over, the server need not be.
      const answers = await ask(of, async (session, primary, index) => {
        const carriedOut = whyNotDone(done[index]) === undefined;
        const replica =
          carriedOut && to.kind === 'running'
            ? await untilSettled(session, orderFor(primary))
            : await readReplica(session, answerWithin);
        return statusOf(replica, inSectionOf(primary));
      });
      return zip(of, answers, (primary, status, index) => {
        const refused = whyNotDone(done[index]);
        const isAway = done[index]?.answered === false && !status.answered;
        return refused === undefined || isAway ? { primary, status } : { primary, status, refused };
      });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map(({ sessions }) => sessions[Symbol.asyncDispose]()));
    },
  };
}

function warmSessions(configured: MariadbPrimary, options: MariadbOptions, within: Millis): WarmSessions {
  const { primary, host, port } = configured;
  const { user, password, tls, clock } = options;
  const certifiedName = tls.name ?? host;
  return new WarmSessions({
    open: (signal) =>
      Session.open({
        host,
        port,
        user,
        password,
        authority: tls.authority,
        certifiedName,
        within,
        clock,
        signal,
      }),
    clock,
    lost: (because) => options.trouble(`${primaryName(primary)} does not answer: ${because}`),
    back: () => options.trouble(`${primaryName(primary)} answers again`),
  });
}

/** What the server has written itself: an empty position would be taken for reached wherever it is awaited. */
async function readPosition(session: Session, within: Millis): Promise<Position> {
  const [row] = await session.query(
    positionRow,
    `SELECT @@GLOBAL.gtid_domain_id AS domain, @@GLOBAL.gtid_binlog_pos AS written,
       @@GLOBAL.gtid_current_pos AS current`,
    [],
    within,
  );
  if (row === undefined) throw new NoAnswer('the server does not tell its position');
  const own = ofDomain(row.written, row.domain) ?? ofDomain(row.current, row.domain);
  if (own === undefined)
    throw new NoAnswer(
      `it has written nothing in its own GTID domain ${row.domain} (gtid_binlog_pos is "${row.written}")`,
    );
  return own;
}

/** The newest heartbeat that another datacenter wrote and this one has. */
async function readHeartbeat(session: Session, writtenIn: string, within: Millis): Promise<Instant> {
  const rows = await session.query(
    heartbeatRow,
    'SELECT ts FROM heartbeat.heartbeat WHERE datacenter = ?',
    [writtenIn],
    within,
  );
  const seen = rows.flatMap(({ ts }) => parseServerTime(ts) ?? []);
  const [first, ...others] = seen;
  if (first === undefined) throw new NoAnswer(`it has no heartbeat of ${writtenIn}`);
  return others.reduce((newest, other) => (other > newest ? other : newest), first);
}

function isSame(one: PrimaryName, other: PrimaryName): boolean {
  return one.section === other.section && one.datacenter === other.datacenter;
}

function zip<T, R>(
  of: readonly PrimaryName[],
  answers: readonly Answer<T>[],
  join: (primary: PrimaryName, answer: Answer<T>, index: number) => R,
): R[] {
  return answers.flatMap((answer, index) => {
    const primary = of[index];
    return primary === undefined ? [] : [join(primary, answer, index)];
  });
}

/** Why a change was not carried out: what stood against it, or what the server said. */
function whyNotDone(done: Answer<string | undefined> | undefined): string | undefined {
  return done?.answered === false ? done.because : done?.value;
}
