import { Client, type RawMessage } from 'irc-framework';
import { type Clock, sleep } from '../../domain/clock.js';
import { oneLine, shorten } from '../../domain/text.js';
import { folded } from '../irc-names.js';
import { openLineGuard } from './line-guard.js';
import { LineTransport } from './line-transport.js';
import { type IrcOptions, type IrcTimes } from './options.js';

/** A connection that was welcomed and, where there is a login, logged in. */
export interface IrcConnection {
  /** As the server knows us now. */
  nick(): string;
  /** Bytes of `nick!user@host` as others see it, at their most where they are not known yet. */
  sourceBytes(): number;
  has(capability: string): boolean;
  write(line: string): void;
  /** Resolves with the reason once it is over. */
  readonly ended: Promise<string>;
  /** Says goodbye and closes; `because` is what `ended` resolves with. */
  end(because: string): void;
}

export interface ConnectionParts extends Pick<
  IrcOptions,
  'host' | 'port' | 'tls' | 'serverPassword' | 'login' | 'nick' | 'realName'
> {
  readonly clock: Clock;
  readonly times: IrcTimes;
  /** A line that has what its command needs, once the library has seen it. */
  hear(message: RawMessage, connection: IrcConnection): void;
  welcomed(connection: IrcConnection): void;
  notUnderstood(error: unknown): void;
}

const CAPABILITIES = ['account-tag', 'extended-join', 'labeled-response', 'message-tags', 'server-time'];

/** Numerics that refuse a nick: not allowed, in use, collided, held back. */
const NICK_REFUSED = ['432', '433', '436', '437'];

/** What the longest user and host of a network take: `!~user@` and 63 characters. */
const MOST_USER_AND_HOST = 1 + 11 + 1 + 63;

/** Connects once. Whatever goes wrong, before the welcome or after it, ends it with a reason; it never throws. */
export function openConnection(parts: ConnectionParts): {
  readonly ended: Promise<string>;
  close(because: string): void;
} {
  const { clock, times, login } = parts;
  const client = new Client();
  const guard = openLineGuard();
  const over = new AbortController();
  let isWelcomed = false;
  let isLoggedIn = false;
  let because: string | undefined;
  /** What the server said before it hung up. */
  let lastWord: string | undefined;
  let source: string | undefined;
  let lastHeard = clock.now();
  let tries = 0;
  let resolveEnded: (why: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (resolveEnded = resolve));

  const transport = new LineTransport({
    at: parts,
    alive: () => (lastHeard = clock.now()),
    notUnderstood: (error) => parts.notUnderstood(error),
  });
  /** The first reason counts: what follows from it is not why. */
  const close = (why: string): void => {
    because ??= why;
    if (isWelcomed) transport.writeLine('QUIT :closing');
    transport.close();
    // One that no longer reads cannot be waited for.
    void sleep(clock, 1_000, over.signal).then(
      () => transport.close(true),
      () => undefined,
    );
  };
  transport.once('close', (error: Error | false) => {
    over.abort(new Error('the connection is over'));
    client.removeAllListeners();
    resolveEnded(
      because ?? lastWord ?? (error === false ? 'the server closed the connection' : error.message),
    );
  });

  const connection: IrcConnection = {
    nick: () => client.user.nick,
    sourceBytes: () =>
      source === undefined
        ? Buffer.byteLength(client.user.nick) + MOST_USER_AND_HOST
        : Buffer.byteLength(source),
    has: (capability) => client.network.cap.isEnabled(capability),
    write: (line) => transport.writeLine(line),
    ended,
    end: close,
  };

  const hear = (message: RawMessage): void => {
    const { command, params, nick, prefix } = message;
    if (nick !== '' && folded(nick) === folded(client.user.nick) && prefix.includes('@')) source = prefix;
    if (command === 'NICK' && source !== undefined) source = undefined;
    // ERROR names the reason of a ban, the numeric before it only says that there is one.
    if (command === 'ERROR' || (command === '465' && lastWord === undefined))
      lastWord = `the server says: ${told(params.at(-1))}`;
    if (!isWelcomed && NICK_REFUSED.includes(command)) {
      tries += 1;
      client.user.nick = alternative(parts.nick, tries);
      transport.writeLine(`NICK ${client.user.nick}`);
    }
    if (!isWelcomed && command === '464') lastWord = 'the server refuses its password';
    if (isWelcomed) parts.hear(message, connection);
  };

  client.raw_middleware.use((_command, message, _line, _client, next) => {
    if (guard.isReplayed(message)) return;
    // The library would keep it until the end of the batch, and a batch need not end.
    delete message.tags['batch'];
    if (guard.mayBeSeen(message)) {
      // What it throws must not get back to the library, which would print it.
      try {
        next();
      } catch (error) {
        parts.notUnderstood(error);
      }
    }
    try {
      hear(message);
    } catch (error) {
      parts.notUnderstood(error);
    }
  });
  // The library would end the negotiation here, before the server has said that the login worked.
  client.command_handler.addHandler('RPL_LOGGEDIN', () => (isLoggedIn = true));
  client.on('loggedout', () => login !== undefined && close('the services have logged the bot out'));
  client.on('sasl failed', ({ reason }: { readonly reason: string }) => close(loginRefused(reason)));
  client.on('registered', () => {
    if (login !== undefined && !isLoggedIn) {
      close(loginRefused('the server went on without it'));
      return;
    }
    isWelcomed = true;
    parts.welcomed(connection);
  });

  client.requestCap(CAPABILITIES);
  client.connect({
    nick: parts.nick,
    username: userName(parts.nick),
    gecos: parts.realName ?? parts.nick,
    version: '',
    ...(parts.serverPassword === undefined ? {} : { password: parts.serverPassword.reveal() }),
    account:
      login?.mechanism === 'PLAIN' ? { account: login.account, password: login.password.reveal() } : {},
    ...(login === undefined ? {} : { sasl_mechanism: login.mechanism }),
    sasl_disconnect_on_fail: true,
    auto_reconnect: false,
    enable_echomessage: true,
    enable_chghost: true,
    ping_interval: 0,
    ping_timeout: 0,
    // The library makes its transport itself; this one is there already.
    transport: function () {
      return transport;
    } as unknown as new () => LineTransport,
  });

  void watch().catch(() => undefined);
  return { ended, close };

  /** Ends it when it is not welcomed in time or has been silent for too long. */
  async function watch(): Promise<void> {
    const begun = clock.now();
    let asked = begun;
    for (;;) {
      const pause =
        Math.min(times.askAfter, times.silentFor, isWelcomed ? Infinity : times.welcomeWithin) / 4;
      await sleep(clock, Math.max(10, pause), over.signal);
      const now = clock.now();
      if (!isWelcomed && now - begun > times.welcomeWithin)
        close('the server did not welcome the bot in time');
      else if (isWelcomed && now - lastHeard > times.silentFor) close('the server has gone silent');
      else if (isWelcomed && now - lastHeard > times.askAfter && now - asked > times.askAfter) {
        asked = now;
        transport.writeLine('PING :still-there');
      }
    }
  }
}

/** The login did not work; whoever reads this has to act. */
export const loginRefused = (why: string): string =>
  `the login was refused (${why}): look at the account and its password, and whether the services are up`;

const told = (text: string | undefined): string => shorten(oneLine(text ?? 'nothing'), 200);

/** `switchdc_`, `switchdc__`, then with numbers. Pure. */
function alternative(nick: string, tries: number): string {
  return tries <= 2 ? nick + '_'.repeat(tries) : `${nick}${tries}`;
}

/** What a server takes for a user name. Pure. */
function userName(nick: string): string {
  return nick.replace(/[^A-Za-z0-9-]/g, '').slice(0, 9) || 'switchdc';
}
