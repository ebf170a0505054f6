import { announcer, type Announcer } from '../announcements/announcer.js';
import { sqliteLedger } from '../announcements/sqlite/sqlite-ledger.js';
import { schedules } from '../../schedules/index.js';
import { TIMELINE } from '../../schedules/timeline.js';
import { type ChatPlatform, destinationText } from '../chat/platform.js';
import { report } from '../chat/reporter.js';
import { sqliteCursors } from '../chat/sqlite/sqlite-cursors.js';
import { tellAlone } from '../chat/tell-alone.js';
import { type Telling, tellingOf } from '../chat/telling.js';
import { openClockClockwork } from '../clockwork/clock-clockwork.js';
import type { ChatDestination } from '../config/config.js';
import { realDelay, sleep } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import { SECOND } from '../domain/instant.js';
import type { RunState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import type { SalEntry } from '../sal/entry.js';
import { followJournal } from '../sal/follower.js';
import { salContext } from './sal-context.js';
import type { Files } from './files.js';
import { readOnlyTimes } from './follow-run.js';
import { type House, projectOf } from './house.js';
import { keepPace, type Speeds } from './keep-pace.js';
import { postOf } from './post.js';
import { runLinks } from './run-links.js';

export interface FollowerParts {
  readonly house: House;
  readonly files: Files;
  readonly platforms: readonly ChatPlatform[];
  /** Told of every entry of the Server Admin Log once it is durable. */
  logged(entry: SalEntry): void;
  /** Told how fast simulated time runs now that read-only is near, or over. */
  paced(speed: number, readOnly: 'begins' | 'ends'): void;
  readonly speeds: Speeds;
  trouble(text: string): void;
}

export interface Followers {
  readonly announcer: Announcer;
  /** Resolves once the channels have been told everything that is in the journal now. */
  told(): Promise<void>;
  /** Resolves once everything that is in the journal of runs that have ended has been logged and told. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

/** In real milliseconds. */
const LOOK_AGAIN = 10;

/** What goes on by itself: the log, the reporters, the reminders and the pace of simulated time. */
export function startFollowers(parts: FollowerParts): Followers {
  const { house, files, platforms } = parts;
  const stop = new AbortController();
  const cursors = sqliteCursors(files.records);
  const tells = announcer({
    calendar: house.calendar,
    definitions: TIMELINE,
    addressees: house.config.chat.destinations
      .filter(({ platform }) => platforms.some(({ name }) => name === platform))
      .map(({ platform, channel, audiences }) => ({ destination: { platform, channel }, audiences })),
    reader: { zones: house.config.calendar.zones, schedule: `${house.config.chat.prefix} next` },
    ledger: sqliteLedger(files.records),
    post: postOf(platforms),
  });
  const clockwork = openClockClockwork(
    schedules({
      announcer: tells,
      told: (deliveries) => {
        for (const { key, outcome, because } of deliveries)
          if (outcome === 'not-sent' || outcome === 'unknown')
            parts.trouble(`${key}: ${outcome}, ${because ?? ''}`);
      },
    }),
    house.clock,
    (what, error) => {
      parts.trouble(`${what} failed: ${explainError(error)}`);
    },
  );
  const telling = {
    crowd: house.directory,
    links: (view: RunView) => runLinks(house.config, view),
    history: (state: RunState) => readOnlyTimes(house, state),
  };
  const work = [
    again(parts, stop.signal, () =>
      followJournal(
        {
          journal: house.journal,
          log: house.sal,
          project: projectOf(house.config, 'cli') ?? 'production',
          contextOf: (request) => salContext(house, request),
          logged: (entry) => {
            parts.logged(entry);
          },
        },
        stop.signal,
      ),
    ),
    ...house.config.chat.destinations.flatMap((destination) => {
      const tell = tellingOf(destination.verbosity, telling);
      const platform = platforms.find(({ name }) => name === destination.platform);
      if (tell === undefined || platform === undefined) return [];
      return [
        again(parts, stop.signal, () => reportTo(parts, cursors, platform, destination, tell, stop.signal)),
      ];
    }),
    ...platforms
      .filter((platform) => platform.directTo !== undefined)
      .map((platform) => again(parts, stop.signal, () => callAlone(parts, cursors, platform, stop.signal))),
    ...(house.world.simulation === undefined
      ? []
      : [
          keepPace(house, house.world.simulation.clock, parts.speeds, stop.signal, (speed, readOnly) => {
            parts.paced(speed, readOnly);
          }),
        ]),
  ];
  const reporters = house.config.chat.destinations
    .filter(({ verbosity }) => tellingOf(verbosity, telling) !== undefined)
    .map((destination) => `reporter/${destinationText(destination)}`);
  const reported = (): Promise<number[]> =>
    Promise.all(reporters.map((reporter) => cursors.position(reporter)));
  /** Looks only after a while: a cursor moves just before the line is told. */
  const passed = async (positions: () => Promise<number[]>): Promise<void> => {
    const newest = (await house.journal.after(0, Number.MAX_SAFE_INTEGER)).at(-1)?.position ?? 0;
    do await realDelay(LOOK_AGAIN, stop.signal);
    while ((await positions()).some((position) => position < newest));
  };
  return {
    announcer: tells,
    async told() {
      await passed(reported);
    },
    async caughtUp() {
      await passed(async () => [await house.sal.position(), ...(await reported())]);
    },
    async close() {
      stop.abort(new Error('closing'));
      await clockwork.close();
      await Promise.allSettled(work);
    },
  };
}

async function reportTo(
  parts: FollowerParts,
  cursors: ReturnType<typeof sqliteCursors>,
  platform: ChatPlatform,
  { platform: name, channel }: ChatDestination,
  tell: Telling,
  signal: AbortSignal,
): Promise<void> {
  const { house } = parts;
  await report(
    {
      journal: house.journal,
      cursors,
      clock: house.clock,
      platform,
      to: { platform: name, channel },
      tell,
      preparedRun: async (run) => (await house.runner.view(run))?.run,
      trouble: (text) => {
        parts.trouble(text);
      },
    },
    signal,
  );
}

/** Those whose answer is missing for long are spoken to alone. */
function callAlone(
  parts: FollowerParts,
  cursors: ReturnType<typeof sqliteCursors>,
  platform: ChatPlatform,
  signal: AbortSignal,
): Promise<void> {
  const { house } = parts;
  const { journal, clock, directory } = house;
  return tellAlone(
    {
      journal,
      cursors,
      clock,
      platform,
      crowd: directory,
      personNamed: (name) => directory.personNamed(name),
      stateOf: async (run) => (await house.runner.view(run))?.state,
      trouble: (text) => {
        parts.trouble(text);
      },
    },
    signal,
  );
}

/** A follower that failed begins again from its cursor: nothing is lost, and it is said. */
async function again(parts: FollowerParts, signal: AbortSignal, body: () => Promise<void>): Promise<void> {
  const closing = (): boolean => signal.aborted;
  while (!closing()) {
    try {
      await body();
      return;
    } catch (error) {
      if (closing()) return;
      parts.trouble(explainError(error));
      await sleep(parts.house.clock, SECOND, signal).catch(() => undefined);
    }
  }
}
