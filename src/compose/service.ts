import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { speakAs } from '../chat/practice-voice.js';
import { completions } from '../chat/complete.js';
import { converse } from '../chat/converse.js';
import { explainIncident } from '../chat/router.js';
import { mistaken } from '../chat/reply.js';
import type { Reply } from '../chat/command.js';
import { message, paragraph, say } from '../chat/message.js';
import { progressBlock } from '../chat/run-progress.js';
import { coloursFor } from '../chat/terminal/paint.js';
import { openTerminalChat, type TerminalChat } from '../chat/terminal/terminal-chat.js';
import type { Config } from '../config/config.js';
import { type Clock, realDelay } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import { formatLength, isoSeconds } from '../domain/instant.js';
import { acquireDataLock, explainHolder } from '../service/data-lock.js';
import { openSocketServer, type ServiceHandler } from '../service/socket-server.js';
import { openFiles } from './files.js';
import { followRun } from './follow-run.js';
import { startFollowers } from './followers.js';
import { type House, openHouse } from './house.js';
import { practiceCommands } from './practice-commands.js';
import { openSteadyClock } from './steady-clock.js';

export interface ServiceParts {
  readonly config: Config;
  readonly directory: string;
  readonly wall: Clock;
  readonly unixUser: string;
  readonly pid: number;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly noColor: string | undefined;
  readonly term: string | undefined;
  readonly speed: number;
  /** One line for whoever looks after the process. */
  log(text: string): void;
}

/** At a prompt a slow answer must not hold up somebody's NOGO; piped lines are answered one by one. */
const AT_ONCE = 4;

/** How long somebody may hold a connection without asking, in real milliseconds. */
const PATIENCE = 10_000;

/**
 * Runs the service until its input ends, somebody quits, or the signal: the terminal as the chat, the socket for the
 * command line, and every unfinished run taken up. Returns why it could not begin, or undefined.
 */
export async function runService(parts: ServiceParts, signal: AbortSignal): Promise<string | undefined> {
  const { config, directory, wall } = parts;
  const taken = acquireDataLock(directory, { pid: parts.pid, what: 'the service', since: wall.now() });
  if (!taken.ok) return `${directory} is in use: ${explainHolder(taken.heldBy)}`;
  const files = openFiles(directory);
  const trouble = (text: string): void => {
    parts.log(text);
  };
  const steady = openSteadyClock(wall);
  const house = await openHouse({
    config,
    files,
    wall: steady,
    speed: parts.speed,
    trouble,
    report: (incident) => {
      parts.log(explainIncident(incident));
    },
    remarks: async () => {
      const untold = await followers.announcer.notTold(house.clock.now());
      return untold.length === 0 ? [] : [`${untold.length} announcements could not be told in time`];
    },
  });
  const me = house.directory.personOf({ kind: 'unix', user: parts.unixUser });
  const terminal = openTerminalChat({
    input: parts.input,
    output: parts.output,
    colours: coloursFor(parts.output, parts.noColor),
    term: parts.term,
    clock: house.clock,
    unixUser: parts.unixUser,
    ...(me === undefined ? {} : { calledHere: me.name }),
    practice: house.practice,
    prefix: config.chat.prefix,
    channel: config.chat.destinations.find(({ project }) => project !== undefined)?.channel ?? '#operations',
    speaker: 'switchdc',
    session: randomUUID().slice(0, 8),
    slash: house.practice.allowed ? practiceCommands(house) : new Map(),
    complete: (typed) => completions(typed, house.registry),
  });
  await greet(terminal, house, parts);
  const followers = startFollowers({
    house,
    files,
    platforms: [terminal],
    logged: () => undefined,
    paced: (speed, readOnly) => {
      const until = readOnly === 'begins' ? ' until read-only is over' : ' again';
      void terminal
        .send(home(config), say(`Simulated time runs at ${speed} ×${until}.`), `pace/${speed}`)
        .catch(() => undefined);
    },
    speeds: { fast: parts.speed, real: 1 },
    trouble,
  });
  const socket = await openSocketServer({
    lock: taken.lock,
    handler: serviceHandler(house, parts.unixUser),
    patience: PATIENCE,
    report: (error) => {
      trouble(explainError(error));
    },
  });
  for (const run of await house.runner.unfinished()) void house.runner.drive(run);
  const stopLive = showLive(terminal, house);
  try {
    const notDelivered = (_: unknown, error: unknown): void => {
      trouble(explainError(error));
    };
    await converse(
      {
        platform: terminal,
        router: house.router,
        atOnce: parts.input.isTTY === true ? AT_ONCE : 1,
        notDelivered,
      },
      signal,
    );
  } finally {
    stopLive();
    await socket[Symbol.asyncDispose]();
    await followers.close();
    await house.close();
    steady[Symbol.dispose]();
    await terminal[Symbol.asyncDispose]();
    files.close();
    taken.lock[Symbol.dispose]();
  }
  return undefined;
}

/** What the socket does for other processes of the same unix user. */
export function serviceHandler(house: House, unixUser: string): ServiceHandler {
  let count = 0;
  return {
    async command(command, as): Promise<Reply> {
      const spoken =
        as === undefined
          ? { identity: { kind: 'unix', user: unixUser } as const }
          : speakAs(as, house.practice);
      if ('mistake' in spoken) return mistaken(spoken.mistake);
      count += 1;
      return house.router.answer(command, {
        identity: spoken.identity,
        chat: 'cli',
        messageId: `cli/${randomUUID()}/${count}`,
      });
    },
    async *follow(run, signal) {
      const entries = await house.journal.read(run);
      yield* followRun(house, run, entries.at(-1)?.position ?? 0, signal);
    },
  };
}

export function home({ chat }: Config): { platform: 'terminal'; channel: string } {
  return {
    platform: 'terminal',
    channel: chat.destinations.find(({ project }) => project !== undefined)?.channel ?? '#operations',
  };
}

async function greet(
  terminal: TerminalChat,
  house: House,
  { directory, speed, config, unixUser }: ServiceParts,
): Promise<void> {
  const next = house.calendar.next(house.clock.now());
  const when =
    next === undefined
      ? ''
      : ` The next switchover is ${next.from} → ${next.to}, read-only from ${isoSeconds(next.mediawiki)}, in ${formatLength(next.mediawiki - house.clock.now())}.`;
  const practice = house.practice.allowed
    ? [
        paragraph(
          'Everything here is simulated: nothing real can be touched. Simulated time runs at ',
          { strong: `${speed} ×` },
          ', and in real time around read-only and while a run waits for you. ',
          { code: '/as NAME' },
          ' speaks as another person, ',
          { code: '/help' },
          ' lists what else there is.',
        ),
      ]
    : [];
  const me = house.directory.personOf({ kind: 'unix', user: unixUser });
  await terminal.send(
    home(config),
    message(
      'good',
      paragraph(
        { strong: 'switchdc' },
        ` is ready (data in ${join(directory, '.')}). It is ${isoSeconds(house.clock.now())}.${when}`,
      ),
      ...practice,
      paragraph(
        me === undefined
          ? 'You are not in the configuration, so you can look and not do. '
          : `You are ${me.name} (${me.roles.join(', ')}). `,
        { code: 'help' },
        ' shows the commands, ',
        { code: 'start --dry-run' },
        ' is a safe first one.',
      ),
    ),
    'greeting',
  );
}

/** Keeps the status line of a terminal up to date; elsewhere it is not shown. */
function showLive(terminal: TerminalChat, house: House): () => void {
  const stop = new AbortController();
  const refresh = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const [run] = await house.runner.unfinished();
      const view = run === undefined ? undefined : await house.runner.view(run);
      terminal.live(view === undefined ? undefined : progressBlock(view, house.clock.now()));
      await realDelay(500, stop.signal);
    }
  };
  void refresh().catch(() => undefined);
  return () => {
    stop.abort(new Error('closing'));
  };
}
