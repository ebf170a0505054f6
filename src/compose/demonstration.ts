import { PassThrough, type Writable } from 'node:stream';
import type { Person } from '../access/person.js';
import type { ReplyStatus } from '../chat/command.js';
import { message, paragraph } from '../chat/message.js';
import { explainIncident } from '../chat/router.js';
import { coloursFor } from '../chat/terminal/paint.js';
import { openTerminalChat, type TerminalChat } from '../chat/terminal/terminal-chat.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import { isoSeconds } from '../domain/instant.js';
import { formatSalEntry } from '../sal/entry.js';
import type { RunResult } from '../service/wire.js';
import { demonstrationLines } from './demonstration-lines.js';
import { openFiles } from './files.js';
import { type Followers, startFollowers } from './followers.js';
import { type House, openHouse } from './house.js';
import type { Speeds } from './keep-pace.js';
import { home } from './home.js';
import { openSteadyClock } from './steady-clock.js';

export interface DemonstrationParts {
  readonly config: Config;
  readonly directory: string;
  readonly wall: Clock;
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly noColor: string | undefined;
  readonly speeds: Speeds;
  log(text: string): void;
}

/**
 * A whole switchover on the simulated pair of datacenters, with people who answer when they are asked, shown as they
 * would see it in chat. Resolves with how the run ended; rejects at the signal.
 */
export async function demonstrate(parts: DemonstrationParts, signal: AbortSignal): Promise<RunResult> {
  const { config, speeds } = parts;
  const files = openFiles(parts.directory);
  const wall = openSteadyClock(parts.wall);
  const house = await openHouse({
    config,
    files,
    wall,
    speed: speeds.fast,
    trouble: (text) => {
      parts.log(text);
    },
    report: (incident) => {
      parts.log(explainIncident(incident));
    },
  });
  const terminal = openTerminalChat({
    input: new PassThrough(),
    output: parts.output,
    colours: coloursFor(parts.output, parts.noColor),
    term: undefined,
    clock: house.clock,
    unixUser: 'demo',
    practice: house.practice,
    prefix: config.chat.prefix,
    channel: home(config).channel,
    speaker: 'switchdc',
    session: 'demo',
    slash: new Map(),
    complete: () => [],
  });
  const note = (text: string): Promise<unknown> =>
    terminal.send({ platform: 'terminal', channel: '***' }, message('plain', paragraph(text)), text);
  await note(
    `Everything here is simulated. Simulated time begins at ${isoSeconds(house.clock.now())}, an hour before the next switchover; it runs at ${speeds.fast} ×, and at ${speeds.real} × around read-only and while somebody is asked.`,
  );
  const followers = startFollowers({
    house,
    files,
    platforms: [terminal],
    logged: (entry) => {
      void terminal.send(
        { platform: 'terminal', channel: 'SAL' },
        message('plain', paragraph(formatSalEntry(entry))),
        `sal/${entry.id}`,
      );
    },
    paced: (speed, readOnly) =>
      void note(
        readOnly === 'begins'
          ? `Simulated time runs at ${speed} × from here until read-only is over.`
          : `Simulated time runs at ${speed} × again.`,
      ),
    speeds,
    trouble: (text) => {
      parts.log(text);
    },
  });
  try {
    const result = await play(house, terminal, followers, signal);
    await followers.caughtUp();
    const edits = house.world.simulation?.world.look().edits;
    if (edits !== undefined)
      await note(
        `Editors meanwhile: ${edits.saved} edits saved, ${edits.refused} refused with the read-only notice, ${edits.databaseErrors} database errors shown, ${edits.lost} lost.`,
      );
    return result;
  } finally {
    await followers.close();
    await house.close();
    wall[Symbol.dispose]();
    await terminal[Symbol.asyncDispose]();
    files.close();
  }
}

async function play(
  house: House,
  terminal: TerminalChat,
  followers: Followers,
  signal: AbortSignal,
): Promise<RunResult> {
  const { journal, runner } = house;
  const speak = speaker(house, terminal);
  const [operator, ...others] = house.config.people;
  if (operator === undefined) return 'FAIL';
  await speak(operator, 'next');
  if ((await speak(operator, 'start --task T12345')) !== 'ok') return 'FAIL';
  const said = new Set<string>();
  for await (const { run, entry } of journal.follow(0, signal)) {
    if (entry.kind === 'run-ended') return entry.result;
    const state = (await runner.view(run))?.state;
    if (state === undefined) continue;
    for (const line of demonstrationLines(state, [operator, ...others], said)) {
      said.add(line.key);
      // Nobody answers what has not been said in the channel yet.
      await followers.told();
      const status = await speak(line.by, line.says);
      if (line.key === 'abort' && status !== 'ok') return 'FAIL';
    }
  }
  return 'FAIL';
}

/** Somebody says a line in the channel and is answered there. */
function speaker(
  house: House,
  terminal: TerminalChat,
): (person: Person, line: string) => Promise<ReplyStatus | undefined> {
  let count = 0;
  return async (person, line) => {
    count += 1;
    const text = `${house.config.chat.prefix} ${line}`;
    await terminal.overhear(person.name, text);
    const from = home(house.config);
    const reply = await house.router.route({
      id: `demo-${count}`,
      from,
      sender: { kind: 'practice', name: person.name },
      calledThere: person.name,
      text,
      at: house.clock.now(),
    });
    if (reply !== undefined) await terminal.send(from, reply.message, `reply/${count}`);
    return reply?.status;
  };
}
