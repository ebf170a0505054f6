import { createServer, type Server, type Socket } from 'node:net';
import { IrcClient } from '../../../lab/irc/irc-client.js';
import { type LabInspircd, openInspircd } from '../../../lab/irc/inspircd.js';
import { type IrcServices, openServices } from '../../../lab/irc/services.js';
import { LabGround } from '../../../lab/lab-ground.js';
import { openIrcChat, type IrcChat } from '../../../src/chat/irc/irc-chat.js';
import type { IrcOptions } from '../../../src/chat/irc/options.js';
import type { Destination, IncomingMessage } from '../../../src/chat/platform.js';
import { outboxMigrations, sqliteOutbox } from '../../../src/chat/sqlite/sqlite-outbox.js';
import { systemClock } from '../../../src/domain/clock.js';
import { openDatabase } from '../../../src/storage/open-database.js';
import { eventually } from '../../support/eventually.js';

export const OPERATIONS = '#operations';
export const operations: Destination = { platform: 'irc', channel: OPERATIONS };
export const secret = (text: string): { reveal(): string } => ({ reveal: () => text });
export const BOT = { name: 'switchdc', password: 'planted-password-of-the-bot' };
export const ALICE = { name: 'alice', password: 'a-password' };

/** Waits that suit a test; everything else is as in real life. */
export const QUICK = { firstWait: 100, longestWait: 1_000, welcomeWithin: 10_000, sentWithin: 10_000 };

export interface ChatInTest extends AsyncDisposable {
  readonly chat: IrcChat;
  /** What people were told that they should know. */
  readonly troubles: string[];
  readonly heard: IncomingMessage[];
}

/** A chat on a port of this machine, with an outbox in memory and a throttle that is wide open unless told. */
export async function ircChat(port: number, over: Partial<IrcOptions> = {}): Promise<ChatInTest> {
  const troubles: string[] = [];
  const chat = await openIrcChat({
    ...{ host: '127.0.0.1', port, nick: 'switchdc', channels: [OPERATIONS], prefix: '!switchdc' },
    flood: { burst: 1_000, perSecond: 1_000 },
    outbox: sqliteOutbox(openDatabase(':memory:', outboxMigrations)),
    clock: systemClock(),
    trouble: (text) => troubles.push(text),
    accountOf: (person) => person,
    ...over,
    times: { ...QUICK, ...over.times },
  });
  return { chat, troubles, heard: [], [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() };
}

/** Keeps everything that is said to the chat. */
export function listens(under: ChatInTest): ChatInTest {
  void (async () => {
    for await (const incoming of under.chat.incoming(new AbortController().signal))
      under.heard.push(incoming);
  })();
  return under;
}

/** InspIRCd with accounts for the bot and for alice; the bot's certificate lets it in too. */
export interface AccountGround extends AsyncDisposable {
  readonly ground: LabGround;
  readonly ircd: LabInspircd;
  readonly services: IrcServices;
}

export async function accountGround(): Promise<AccountGround> {
  const ground = await LabGround.open();
  try {
    const ircd = await openInspircd(ground);
    const services = await openServices(ground, ircd);
    await services.register(BOT, 'certificate');
    await services.register(ALICE);
    return { ground, ircd, services, [Symbol.asyncDispose]: () => ground[Symbol.asyncDispose]() };
  } catch (error) {
    await ground[Symbol.asyncDispose]();
    throw error;
  }
}

/** Logged in over TLS, as it is meant to be. */
export const loggedIn = ({ ircd }: AccountGround): Partial<IrcOptions> => ({
  tls: { authority: ircd.certificates.authority, name: 'irc.lab.test' },
  login: { mechanism: 'PLAIN', account: BOT.name, password: secret(BOT.password) },
});

/** A person in a channel; its operator, where nobody was there before. */
export async function personWith(
  port: number,
  nick: string,
  account?: { readonly name: string; readonly password: string },
  channel = OPERATIONS,
): Promise<IrcClient> {
  const person = await IrcClient.open({ port, nick, ...(account === undefined ? {} : { account }) });
  await person.joins(channel);
  return person;
}

/** Waits until the bot is in the channel, under this nick. */
export async function inChannel(person: IrcClient, nick = 'switchdc', channel = OPERATIONS): Promise<void> {
  await eventually(
    async () => {
      const from = person.lines.length;
      person.write(`NAMES ${channel}`);
      await person.sees(/ 366 /, 5_000, from);
      return person.lines
        .slice(from)
        .some((line) => / 353 /.test(line) && new RegExp(`[ :@+]${nick}(\\s|$)`).test(line));
    },
    `${nick} is in ${channel}`,
    20_000,
  );
}

/** A server that keeps every byte and says what a test wants it to. */
export class RawServer implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  bytes = Buffer.alloc(0);
  connections = 0;
  /** Called with every line; what it answers is written. */
  answer: (line: string) => readonly string[] = () => [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      let rest = '';
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        this.bytes = Buffer.concat([this.bytes, data]);
        const lines = (rest + data.toString('utf8')).split('\r\n');
        rest = lines.pop() ?? '';
        for (const line of lines) for (const said of this.answer(line)) socket.write(`${said}\r\n`);
      });
    });
  }

  static async open(): Promise<RawServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new RawServer(server, address.port);
  }

  /** Every line that arrived, cut where a server cuts: at any CR or LF. */
  lines(): readonly string[] {
    return this.bytes
      .toString('utf8')
      .split(/\r\n|\r|\n/)
      .filter((line) => line !== '');
  }

  /** Whether everything that was written is on its way. */
  get isSent(): boolean {
    return [...this.#sockets].every(({ writableLength }) => writableLength === 0);
  }

  write(data: string | Buffer): void {
    for (const socket of this.#sockets) socket.write(data);
  }

  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/** What a small server answers, so that the bot is welcomed, joins and is told that its lines have arrived. */
export function welcoming(line: string): readonly string[] {
  const [command = '', first = ''] = line.replace(/^@\S+ /, '').split(' ');
  switch (command) {
    case 'CAP':
      return first === 'LS' ? [':raw.test CAP * LS :multi-prefix'] : [];
    case 'USER':
      return [':raw.test 001 switchdc :Welcome'];
    case 'JOIN':
      return [`:switchdc!switchdc@host.test JOIN ${first}`];
    case 'PING':
      return [`:raw.test PONG raw.test ${first}`];
    default:
      return [];
  }
}

/** What a small server answers that has accounts, echoes, and so can be asked. */
export function echoing(line: string): readonly string[] {
  const [, label, target, text] = /^(?:@label=(\S+) )?PRIVMSG (\S+) :(.*)$/.exec(line) ?? [];
  if (target !== undefined)
    return [
      `@msgid=m-${label ?? ''};label=${label ?? ''} :switchdc!switchdc@host.test PRIVMSG ${target} :${text ?? ''}`,
    ];
  if (line.startsWith('USER')) return [];
  if (line === 'CAP END') return welcoming('USER');
  if (line.startsWith('CAP LS'))
    return [':raw.test CAP * LS :echo-message labeled-response account-tag extended-join'];
  if (line.startsWith('CAP REQ')) return [`:raw.test CAP * ACK :${line.slice('CAP REQ :'.length)}`];
  return welcoming(line);
}
