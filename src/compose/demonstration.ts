import { PassThrough, type Writable } from 'node:stream';
import type { Person } from '../access/person.js';
import { message, paragraph } from '../chat/message.js';
import { explainIncident } from '../chat/router.js';
import { coloursFor } from '../chat/terminal/paint.js';
import { openTerminalChat, type TerminalChat } from '../chat/terminal/terminal-chat.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import { isoSeconds } from '../domain/instant.js';
import type { RoleName } from '../domain/names.js';
import { role } from '../domain/names.js';
import { openGates, type RunState } from '../runner/run-state.js';
import { formatSalEntry } from '../sal/entry.js';
import { openFiles } from './files.js';
import { startFollowers } from './followers.js';
import { type House, openHouse } from './house.js';
import type { Speeds } from './keep-pace.js';
import { home } from './service.js';

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
 * would see it in chat. Resolves with how the run ended.
 */
export async function demonstrate(parts: DemonstrationParts): Promise<'PASS' | 'FAIL' | 'ABORTED'> {
  const { config, speeds } = parts;
  const files = openFiles(parts.directory);
  const house = await openHouse({
    config,
    files,
    wall: parts.wall,
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
    paced: (speed) => void note(`Simulated time runs at ${speed} ×.`),
    speeds,
    trouble: (text) => {
      parts.log(text);
    },
  });
  try {
    const result = await play(house, terminal);
    await followers.caughtUp();
    const { edits } = house.world.world.look();
    await note(
      `Editors meanwhile: ${edits.saved} edits saved, ${edits.refused} refused with the read-only notice, ${edits.databaseErrors} database errors shown, ${edits.lost} lost.`,
    );
    return result;
  } finally {
    await followers.close();
    await house.close();
    await terminal[Symbol.asyncDispose]();
    files.close();
  }
}

async function play(house: House, terminal: TerminalChat): Promise<'PASS' | 'FAIL' | 'ABORTED'> {
  const { journal, runner } = house;
  const speak = speaker(house, terminal);
  const [operator, ...others] = house.config.people;
  if (operator === undefined) throw new Error('a demonstration needs people');
  await speak(operator, 'next');
  await speak(operator, 'start --task T12345');
  const answered = new Set<string>();
  const signal = new AbortController().signal;
  for await (const { run, entry } of journal.follow(0, signal)) {
    if (entry.kind === 'run-ended') return entry.result;
    const state = (await runner.view(run))?.state;
    if (state === undefined) continue;
    for (const [key, person, line] of answersFor(state, house, others)) {
      if (answered.has(key)) continue;
      answered.add(key);
      await speak(person, line);
    }
  }
  return 'ABORTED';
}

/** What somebody ought to say now, each once: the votes that a gate needs, the manual tasks that wait. */
function answersFor(
  state: RunState,
  house: House,
  people: readonly Person[],
): [key: string, person: Person, line: string][] {
  const votes = openGates(state).flatMap((gate) => {
    const voters = people.filter(
      (person) =>
        person.name !== gate.asker && person.roles.some((held) => gate.policy.mayAnswer.includes(held)),
    );
    const word = gate.for.kind === 'request' ? 'approve' : 'go';
    return voters
      .slice(0, gate.policy.approvals)
      .map((person): [string, Person, string] => [
        `${gate.id}/${person.name}`,
        person,
        `${word} ${state.run}`,
      ]);
  });
  const tasks = Object.entries(state.tasks).flatMap(([id, task]): [string, Person, string][] => {
    if (task.asked === undefined || task.confirmed !== undefined || task.end !== undefined) return [];
    const person = holderOf(house, task.asked.of);
    return person === undefined ? [] : [[`done/${id}`, person, `done ${id}`]];
  });
  return [...votes, ...tasks];
}

function holderOf({ config }: House, wanted: RoleName): Person | undefined {
  return (
    config.people.find((person) => person.roles.includes(wanted)) ??
    config.people.find((person) => person.roles.includes(role('operator')))
  );
}

/** Somebody says a line in the channel and is answered there. */
function speaker(house: House, terminal: TerminalChat): (person: Person, line: string) => Promise<void> {
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
  };
}
