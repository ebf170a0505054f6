import type { Clock } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import type { PersonName } from '../../domain/names.js';
import type { Outbox } from '../outbox.js';

export interface Secret {
  reveal(): string;
}

/** How the bot proves to the services who it is. */
export type IrcLogin =
  | { readonly mechanism: 'PLAIN'; readonly account: string; readonly password: Secret }
  /** With the client certificate of `tls`. */
  | { readonly mechanism: 'EXTERNAL' };

export interface IrcTls {
  /** The authority that must have signed the server's certificate, PEM; those that the system trusts unless told. */
  readonly authority?: string;
  /** The name that the certificate is for, where it is not the host that is connected to. */
  readonly name?: string;
  /** PEM; needed for EXTERNAL. */
  readonly client?: { readonly certificate: string; readonly key: Secret };
}

/** How fast lines may go out. Servers disconnect whoever is faster than they allow. */
export interface IrcFlood {
  /** Lines that may go out at once after a pause; 5 unless told, never less than 2. */
  readonly burst: number;
  /** Lines a second after that; 1 unless told. */
  readonly perSecond: number;
}

export interface IrcOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined for a connection in the clear. A password is sent through one only to this machine. */
  readonly tls?: IrcTls;
  /** The password of the server itself, where it has one. */
  readonly serverPassword?: Secret;
  /** Without it the bot does not log in. With it, it is never there without being logged in. */
  readonly login?: IrcLogin;
  readonly nick: string;
  /** What is shown of the bot besides its nick; the nick unless told. */
  readonly realName?: string;
  /** What it answers to CTCP VERSION; `switchdc` unless told. */
  readonly version?: string;
  /** The channels that it is in. Elsewhere it neither listens nor speaks, but for direct messages. */
  readonly channels: readonly string[];
  /** The keys (+k) of those channels that have one. */
  readonly channelKeys?: readonly { readonly channel: string; readonly key: Secret }[];
  /** How services are asked for the bot's own nick when somebody else has it; `NickServ` and `RECOVER` unless told. */
  readonly regain?: { readonly service: string; readonly command: string };
  /**
   * Nicks that are taken for the account of the same name where the server has no accounts. Whoever takes the nick is
   * that person: only for networks on which nobody can. Told as trouble at each connection.
   */
  readonly trustNicks?: readonly string[];
  readonly flood?: Partial<IrcFlood>;
  /** Lines of one message that a channel is shown before the rest is left to a direct message; 5 unless told. */
  readonly mostLines?: number;
  /** Bold, and red for alarms; `none` for channels that do not allow it. Bold unless told. */
  readonly formatting?: 'bold' | 'none';
  /** How lines for us begin in a channel, `!switchdc`; what is said to the bot alone needs none. */
  readonly prefix: string;
  /** What a channel is shown of lines that are left out where nobody asked for them: the address of a page. */
  readonly morePage?: string;
  /** The account of a person, to call them by when they are mentioned. */
  accountOf?(person: PersonName): string | undefined;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly times?: Partial<IrcTimes>;
  /** What people should know: a login that is refused, a channel that cannot be joined. Never a secret. */
  trouble(text: string): void;
}

export interface IrcTimes {
  /** How long connecting, logging in and being welcomed may take. 30 s. */
  readonly welcomeWithin: Millis;
  /** Silence after which the server is asked whether it is there. 30 s. */
  readonly askAfter: Millis;
  /** Silence after which the connection is given up. 75 s. */
  readonly silentFor: Millis;
  /** The first wait before connecting again; it doubles with every failure. 1 s. */
  readonly firstWait: Millis;
  /** The longest wait before connecting, joining or taking the nick again. 60 s. */
  readonly longestWait: Millis;
  /** How long a caller waits for a message to be taken by the server. 30 s. */
  readonly sentWithin: Millis;
  /** What is said later than this after it was to be said is said with its time. 10 s. */
  readonly lateAfter: Millis;
}

export const defaultTimes: IrcTimes = {
  welcomeWithin: 30_000,
  askAfter: 30_000,
  silentFor: 75_000,
  firstWait: 1_000,
  longestWait: 60_000,
  sentWithin: 30_000,
  lateAfter: 10_000,
};
