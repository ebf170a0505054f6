import { randomUUID } from 'node:crypto';
import { speakAs } from '../chat/practice-voice.js';
import type { Reply } from '../chat/command.js';
import { explainIncident } from '../chat/router.js';
import { mistaken, refused } from '../chat/reply.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import type { Executed, Invocation, Session } from '../service/command-line.js';
import { acquireDataLock, type DataLock, explainHolder } from '../service/data-lock.js';
import { connectToService } from '../service/socket-client.js';
import { type Followed, openSocketServer } from '../service/socket-server.js';
import { emptyFiles, type Files, openFiles, openSnapshots } from './files.js';
import { followRun } from './follow-run.js';
import { startFollowers } from './followers.js';
import { type House, openHouse } from './house.js';
import { serviceHandler } from './service.js';
import { openSteadyClock } from './steady-clock.js';

export interface SessionParts {
  readonly config: Config;
  readonly directory: string;
  readonly wall: Clock;
  readonly unixUser: string;
  readonly pid: number;
  readonly speed: number;
  /** Ends the following of a run, which stays where it is. */
  readonly signal: AbortSignal;
  /** One line for whoever looks after the process. */
  log(text: string): void;
}

/** How long somebody may hold a connection without asking, in real milliseconds. */
const PATIENCE = 10_000;

/** What drives a run when there is no service. */
const DRIVES: readonly string[] = ['start', 'resume'];

/**
 * What one command line needs. Where a service holds the data directory, it is asked; without one, a command that only
 * reads gets copies in memory and starts nothing, and one that writes takes the lock of the directory for itself.
 */
export async function openSession(parts: SessionParts): Promise<Session> {
  const service = await connectToService(parts.directory);
  const closing = new AbortController();
  const stop = AbortSignal.any([parts.signal, closing.signal]);
  const open = (files: Files, begins: { startAt?: Instant; wall?: Clock }): Promise<House> =>
    openHouse({
      wall: parts.wall,
      ...begins,
      config: parts.config,
      files,
      speed: parts.speed,
      trouble: (text) => {
        parts.log(text);
      },
      report: (incident) => {
        parts.log(explainIncident(incident));
      },
    });
  const looking = service === undefined ? openSnapshots(parts.directory) : emptyFiles();
  const house = await open(looking, { startAt: parts.wall.now() });
  const closers: (() => Promise<void>)[] = [
    async () => {
      await house.close();
      looking.close();
    },
  ];

  const execute = async (invocation: Invocation): Promise<Executed> => {
    const { words, as, command } = invocation;
    if (service !== undefined) return { reply: await service.command(words, as, stop) };
    const spoken =
      as === undefined
        ? { identity: { kind: 'unix', user: parts.unixUser } as const }
        : speakAs(as, house.practice);
    if ('mistake' in spoken) return { reply: mistaken(spoken.mistake) };
    const caller = { identity: spoken.identity, chat: 'cli', messageId: `cli/${randomUUID()}` };
    if (!command.writes) return { reply: await house.router.answer(words, caller) };
    // Before the data directory is made and locked: what is refused leaves nothing behind.
    const objection = await house.router.objection(words, caller);
    if (objection !== undefined) return { reply: objection };
    const taken = acquireDataLock(parts.directory, {
      pid: parts.pid,
      what: `switchdc ${words[0] ?? ''}`,
      since: parts.wall.now(),
    });
    if (!taken.ok)
      return {
        reply: refused(
          `the data directory is in use: ${explainHolder(taken.heldBy)}`,
          'to wait until it has ended',
        ),
      };
    const files = openFiles(parts.directory);
    const steady = openSteadyClock(parts.wall);
    // Only simulated time may leave out the moments in which the process was held up.
    const writing = await open(files, { wall: parts.config.connections === undefined ? steady : parts.wall });
    closers.push(async () => {
      await writing.close();
      steady[Symbol.dispose]();
      files.close();
      taken.lock[Symbol.dispose]();
    });
    const position = await newestPosition(writing);
    const reply = await writing.router.answer(words, caller);
    const run = runOf(reply);
    if (reply.status !== 'ok' || run === undefined || !DRIVES.includes(command.words[0] ?? ''))
      return { reply };
    return { reply, followed: drive(writing, files, taken.lock, run, position) };
  };

  /** Drives the run in the foreground: others can approve it through the socket, and its end is the exit code. */
  async function* drive(
    writing: House,
    files: Files,
    lock: DataLock,
    run: number,
    after: number,
  ): AsyncGenerator<Followed> {
    const followers = startFollowers({
      house: writing,
      files,
      platforms: [],
      logged: () => undefined,
      paced: () => undefined,
      speeds: { fast: parts.speed, real: 1 },
      trouble: (text) => {
        parts.log(text);
      },
    });
    const socket = await openSocketServer({
      lock,
      handler: serviceHandler(writing, parts.unixUser),
      patience: PATIENCE,
      report: (error) => {
        parts.log(explainError(error));
      },
    });
    writing.world.warm();
    void writing.runner.drive(run);
    try {
      yield* followRun(writing, run, after, stop);
    } finally {
      await socket[Symbol.asyncDispose]();
      await followers.close();
    }
  }

  return {
    registry: house.registry,
    execute,
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('closing'));
      for (const close of closers.reverse()) await close();
    },
  };
}

function runOf(reply: Reply): number | undefined {
  const { data } = reply;
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return undefined;
  const { run } = data as { run?: unknown };
  return typeof run === 'number' ? run : undefined;
}

async function newestPosition({ journal }: House): Promise<number> {
  const [newest] = await journal.runs(1);
  return newest === undefined ? 0 : ((await journal.read(newest)).at(-1)?.position ?? 0);
}
