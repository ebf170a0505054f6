import type { Endpoint } from './connections.js';
import type { Secret } from './secret.js';

/** How the chats are reached, with every file read and every secret resolved: those that some destination is on. */
export interface ChatConnections {
  readonly irc?: IrcConnection;
  readonly slack?: SlackConnection;
}

export interface IrcConnection extends Endpoint {
  /** Undefined: in the clear. */
  readonly tls?: {
    /** PEM. */
    readonly authority?: string;
    readonly name?: string;
    /** PEM. */
    readonly client?: { readonly certificate: string; readonly key: Secret };
  };
  readonly serverPassword?: Secret;
  readonly login?:
    | { readonly mechanism: 'PLAIN'; readonly account: string; readonly password: Secret }
    | { readonly mechanism: 'EXTERNAL' };
  /** Of the channels that have a key (+k). */
  readonly channelKeys: readonly { readonly channel: string; readonly key: Secret }[];
  readonly nick: string;
  readonly realName?: string;
  readonly regain?: { readonly service: string; readonly command: string };
  /** Nicks that are believed where there are no accounts: whoever has the nick is that person. */
  readonly trustNicks: readonly string[];
  readonly flood: { readonly burst: number; readonly perSecond: number };
  readonly mostLines: number;
  readonly formatting: 'bold' | 'none';
  readonly morePage?: string;
}

export interface SlackConnection {
  readonly botToken: Secret;
  readonly appToken: Secret;
  readonly slashCommand: string;
  readonly channels: readonly { readonly name: string; readonly id: string }[];
  readonly apiUrl?: string;
  readonly proxy?: string;
}
