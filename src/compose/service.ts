import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { speakAs } from '../chat/practice-voice.js';
import { completions } from '../chat/complete.js';
import { converse } from '../chat/converse.js';
import { explainIncident } from '../chat/router.js';
import { mistaken } from '../chat/reply.js';
import type { Reply } from '../chat/command.js';
import type { ChatPlatform } from '../chat/platform.js';
import { type Block, message, type Message, paragraph, say } from '../chat/message.js';
import { progressBlock } from '../chat/run-progress.js';
import { coloursFor } from '../chat/terminal/paint.js';
import { openTerminalChat, type TerminalChat } from '../chat/terminal/terminal-chat.js';
import type { Config } from '../config/config.js';
import { type Clock, realDelay } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import type { RunView } from '../runner/runner.js';
import { acquireDataLock, type DataLock, explainHolder } from '../service/data-lock.js';
import { openSocketServer, type ServiceHandler } from '../service/socket-server.js';
import { openFiles } from './files.js';
import { followRun } from './follow-run.js';
import { openChats } from './chats.js';
import { type Followers, startFollowers } from './followers.js';
import { greet } from './greet.js';
import { unfinished } from './unfinished.js';
import { home } from './home.js';
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
  const { directory, wall } = parts;
  const taken = acquireDataLock(directory, { pid: parts.pid, what: 'the service', since: wall.now() });
  if (!taken.ok) return `${directory} is in use: ${explainHolder(taken.heldBy)}`;
  const closers: (() => unknown)[] = [() => taken.lock[Symbol.dispose]()];
  try {
    await serve(parts, taken.lock, closers, signal);
  } finally {
    for (const close of closers.reverse()) await close();
  }
  return undefined;
}

/** Opens one part after the other, each with what closes it, and talks until nobody is left to talk to. */
async function serve(
  parts: ServiceParts,
  lock: DataLock,
  closers: (() => unknown)[],
  signal: AbortSignal,
): Promise<void> {
  const { config } = parts;
  const trouble = (text: string): void => {
    parts.log(text);
  };
  const files = openFiles(parts.directory);
  closers.push(() => {
    files.close();
  });
  const steady = openSteadyClock(parts.wall);
  closers.push(() => {
    steady[Symbol.dispose]();
  });
  const opened: { followers?: Followers; terminal?: TerminalChat } = {};
  const tellHome = (text: Message, key: string): void => {
    opened.terminal?.send(home(config), text, key).catch((error: unknown) => {
      trouble(explainError(error));
    });
  };
  const house = await openHouse({
    config,
    files,
    // Only simulated time may leave out the moments in which the process was held up.
    wall: config.connections === undefined ? steady : parts.wall,
    speed: parts.speed,
    trouble,
    report: (incident) => {
      trouble(explainIncident(incident));
    },
    journalWatch: {
      stopped: (run, error) => {
        tellHome(stoppedMessage(run, error.message), `journal/${run}/stopped`);
      },
      goesOn: (run) => {
        tellHome(
          message('good', paragraph(`The journal can be written again: run ${run} goes on.`)),
          `journal/${run}/goes-on`,
        );
      },
    },
    remarks: async () => {
      const untold = (await opened.followers?.announcer.notTold(house.clock.now())) ?? [];
      return untold.length === 0 ? [] : [`${untold.length} announcements could not be told in time`];
    },
  });
  const terminal = openTerminal(parts, house);
  opened.terminal = terminal;
  closers.push(
    () => terminal[Symbol.asyncDispose](),
    () => house.close(),
  );
  const socket = await openSocketServer({
    lock,
    handler: serviceHandler(house, parts.unixUser),
    patience: PATIENCE,
    report: (error) => {
      trouble(explainError(error));
    },
  });
  closers.push(() => socket[Symbol.asyncDispose]());
  // Said when it is true: the socket is there, and nothing has been told yet.
  await greet(terminal, house, parts);
  for (const left of await unfinished(house)) await terminal.send(home(config), left, 'unfinished');
  const chats = await openChats({
    house,
    records: files.records,
    trouble: (chat, text) => {
      trouble(`${chat}: ${text}`);
      tellHome(message('alarm', paragraph({ strong: chat }, `: ${text}`)), `trouble/${chat}`);
    },
  });
  for (const chat of chats) closers.push(() => chat[Symbol.asyncDispose]());
  const followers = startFollowers({
    house,
    files,
    platforms: [terminal, ...chats],
    logged: () => undefined,
    paced: (speed, readOnly) => {
      const until = readOnly === 'begins' ? ' until read-only is over' : ' again';
      tellHome(say(`Simulated time runs at ${speed} ×${until}.`), `pace/${speed}`);
    },
    speeds: { fast: parts.speed, real: 1 },
    trouble,
  });
  opened.followers = followers;
  closers.push(() => followers.close());
  house.world.warm();
  for (const run of await house.runner.unfinished()) void house.runner.drive(run);
  closers.push(showLive(terminal, house));
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const talk = (platform: ChatPlatform, atOnce: number): Promise<void> =>
    converse(
      {
        platform,
        router: house.router,
        atOnce,
        notDelivered: (_, error) => {
          trouble(explainError(error));
        },
      },
      until,
    );
  const elsewhere = chats.map((chat) => talk(chat, AT_ONCE));
  await talk(terminal, parts.input.isTTY === true ? AT_ONCE : 1);
  // Without anybody at the terminal the service goes on for those in the chats.
  if (chats.length > 0 && parts.input.isTTY !== true) await ended(signal);
  over.abort(new Error('the service ends'));
  await Promise.all(elsewhere);
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}

function stoppedMessage(run: number, because: string): Message {
  return message(
    'alarm',
    paragraph(
      { strong: `Run ${run} cannot go on` },
      `: ${because}. Nothing of it begins until the journal can be written again.`,
    ),
  );
}

function openTerminal(parts: ServiceParts, house: House): TerminalChat {
  const me = house.directory.personOf({ kind: 'unix', user: parts.unixUser });
  return openTerminalChat({
    input: parts.input,
    output: parts.output,
    colours: coloursFor(parts.output, parts.noColor),
    term: parts.term,
    clock: house.clock,
    unixUser: parts.unixUser,
    ...(me === undefined ? {} : { calledHere: me.name }),
    practice: house.practice,
    prefix: parts.config.chat.prefix,
    channel: home(parts.config).channel,
    speaker: 'switchdc',
    session: randomUUID(),
    slash: house.practice.allowed ? practiceCommands(house) : new Map(),
    complete: (typed) => completions(typed, house.registry),
  });
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

/** Keeps the status line of a terminal up to date; elsewhere it is not shown. */
function showLive(terminal: TerminalChat, house: House): () => void {
  const stop = new AbortController();
  const refresh = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const [run] = await house.runner.unfinished();
      const view = run === undefined ? undefined : await house.runner.view(run);
      terminal.live(view === undefined ? undefined : livelyBlock(view, house));
      await realDelay(500, stop.signal);
    }
  };
  void refresh().catch(() => undefined);
  return () => {
    stop.abort(new Error('closing'));
  };
}

/** Beside the progress: how fast simulated time runs, since it changes by itself. */
function livelyBlock(view: RunView, { clock, world }: House): Block {
  const block = progressBlock(view, clock.now());
  if (block.kind !== 'progress' || world.simulation === undefined) return block;
  return { ...block, note: `${block.note ?? ''} · ${world.simulation.clock.rate()} ×` };
}
