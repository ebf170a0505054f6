import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openInspircd } from '../lab/irc/inspircd.js';
import { LabGround } from '../lab/lab-ground.js';
import { openIrcChat } from '../src/chat/irc/irc-chat.js';
import { message, paragraph, say } from '../src/chat/message.js';
import { outboxMigrations, sqliteOutbox } from '../src/chat/sqlite/sqlite-outbox.js';
import { embeddedData } from '../src/config/embedded-data.js';
import { systemClock } from '../src/domain/clock.js';
import { openDatabase } from '../src/storage/open-database.js';
import { Listener } from './chat/listener.js';
import { machine } from './machine.js';

/**
 * The way of a command through IRC, from the client that says it to the client that sees the reply, beside the simplest
 * bot on the same server in the same run; a long answer; and alarms in the middle of a thousand lines of progress.
 */
const COMMANDS = 200;
/** Said before and not measured, to each bot: until everybody has been through it, the client that measures too. */
const WARM_UP = 60;
const CHANNEL = '#operations';
/** Of the echo bot, so that neither bot reads what the other is asked. */
const ECHOES = '#echoes';
const EVENTS = 1_000;
const WITHIN = 10_000;
const ALARMS = 5;
/** Of the answer to `next`, which has some thirty. */
const FIRST_LINE = /^:switchdc!\S+ PRIVMSG #operations :.*\(times in UTC\)/;
/** Between two commands, in milliseconds: the throttle is wide, not open. */
const PAUSE = 60;

setMaxListeners(1_000_000);
const here = path.dirname(fileURLToPath(import.meta.url));
await using ground = await LabGround.open();
const wide = await openInspircd(ground);
const usual = await openInspircd(ground, { flood: { threshold: 10, perSecond: 1 } });
using alice = await Listener.open(wide.port, 'alice', CHANNEL, ECHOES);

const echoBot = spawn(process.execPath, [path.join(here, 'chat', 'echo-bot.js'), String(wide.port), ECHOES]);
const joined = alice.next((line) => /^:switchdc!\S+ JOIN/.test(line));
await alice.next((line) => /^:echo!\S+ JOIN/.test(line));
const service = startService();
await joined;

const echo = await timed(ECHOES, '!echo hello', /^:echo!\S+ PRIVMSG #echoes :hello/);
const ours = await timed(CHANNEL, '!switchdc next', FIRST_LINE);
const tenLines = await timeOfTenLines();
echoBot.kill('SIGKILL');
service.kill('SIGKILL');
const { alarms, kicks } = await alarmsAmongProgress();

const figures = {
  echo: { p50_ms: quantile(echo, 0.5), p99_ms: quantile(echo, 0.99) },
  ours: { p50_ms: quantile(ours, 0.5), p99_ms: quantile(ours, 0.99) },
  ten_lines_ms: rounded(tenLines),
  alarm_p99_ms: quantile(alarms, 0.99),
  kicks,
};
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(figures)}\n` : `${table()}\n`);

/** The service with nobody at the terminal, its throttle set wide, and nobody's patience counted. */
function startService(): ReturnType<typeof spawn> {
  const folder = ground.folderFor('service');
  const data = embeddedData('nobody');
  const rate = { burst: 10_000, perMinute: 10_000 };
  const config = {
    ...data,
    chat: {
      destinations: [{ platform: 'irc', channel: CHANNEL, verbosity: 'nothing' }],
      rates: { people: rate, strangers: rate },
    },
    connections: {
      irc: {
        server: `127.0.0.1:${wide.port}`,
        nick: 'switchdc',
        flood: { burst: 1_000, perSecond: 1_000 },
        mostLines: 50,
      },
    },
  };
  const file = path.join(folder, 'switchdc.yaml');
  writeFileSync(file, JSON.stringify(config));
  mkdirSync(path.join(folder, 'data'));
  const words = ['serve', '--config', file, '--data', path.join(folder, 'data')];
  return spawn(process.execPath, [path.join(here, '..', 'src', 'cli.js'), ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Milliseconds from each saying to the first line of its reply; the next is said once the reply is over. */
async function timed(channel: string, command: string, reply: RegExp): Promise<number[]> {
  const found: number[] = [];
  for (let count = 0; count < WARM_UP + COMMANDS; count += 1) {
    const answered = alice.next((line) => reply.test(line));
    const said = performance.now();
    alice.write(`PRIVMSG ${channel} :${command}`);
    found.push((await answered) - said);
    await quiet();
  }
  return found.slice(WARM_UP);
}

/** Until nothing has come for a moment. */
async function quiet(): Promise<void> {
  let last = performance.now();
  const stop = alice.hears((_, at) => (last = at));
  while (performance.now() - last < PAUSE) await sleep(5);
  stop();
}

/** From the question to the tenth line of its answer. */
async function timeOfTenLines(): Promise<number> {
  let lines = 0;
  const tenth = alice.next((line) => /^:switchdc!\S+ PRIVMSG/.test(line) && (lines += 1) === 10);
  const said = performance.now();
  alice.write(`PRIVMSG ${CHANNEL} :!switchdc next`);
  return (await tenth) - said;
}

/** On a server that allows what servers usually do, with the throttle that the bot has unless it is told otherwise. */
async function alarmsAmongProgress(): Promise<{ alarms: number[]; kicks: number }> {
  using carol = await Listener.open(usual.port, 'carol', CHANNEL);
  const there = carol.next((line) => /^:switchdc!\S+ JOIN/.test(line));
  const chat = await openIrcChat({
    ...{ host: '127.0.0.1', port: usual.port, nick: 'switchdc', channels: [CHANNEL], prefix: '!switchdc' },
    outbox: sqliteOutbox(openDatabase(path.join(ground.folder, 'outbox.db'), outboxMigrations)),
    clock: systemClock(),
    trouble: (text) => process.stderr.write(`${text}\n`),
  });
  await there;
  let kicks = 0;
  carol.hears((line) => {
    if (/^:switchdc!\S+ (QUIT|PART)|^:\S+ KICK \S+ switchdc/.test(line)) kicks += 1;
  });
  const to = { platform: 'irc', channel: CHANNEL } as const;
  const alarms: Promise<number>[] = [];
  for (let event = 0; event < EVENTS; event += 1) {
    void chat.queue(to, say(`event ${event} of a run that has much to tell;`), `reporter/1/${event}`);
    if (event % (EVENTS / ALARMS) === 0) {
      const said = performance.now();
      const words = `alarm ${event} is told`;
      alarms.push(carol.next((line) => line.includes(words)).then((at) => at - said));
      void chat.send(to, message('alarm', paragraph(words)), `alarm/${event}`);
    }
    await sleep(WITHIN / EVENTS);
  }
  const waits = await Promise.all(alarms);
  const found = { alarms: waits, kicks };
  await chat[Symbol.asyncDispose]();
  return found;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return rounded(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN);
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}

function table(): string {
  const { cpu, cores, memoryGiB, node, kernel } = machine();
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${kernel}`,
    `a command and its reply, p50: echo bot ${figures.echo.p50_ms} ms, ours ${figures.ours.p50_ms} ms (${(figures.ours.p50_ms / figures.echo.p50_ms).toFixed(2)} ×)`,
    `a command and its reply, p99: echo bot ${figures.echo.p99_ms} ms, ours ${figures.ours.p99_ms} ms`,
    `an answer of ten lines: ${figures.ten_lines_ms} ms; at a line a second it would be 9000 ms`,
    `alarms among ${EVENTS} lines of progress in ${WITHIN / 1_000} s, p99: ${figures.alarm_p99_ms} ms; kicks: ${kicks}`,
  ].join('\n');
}
