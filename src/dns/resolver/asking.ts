import type { Clock } from '../../domain/clock.js';
import { type Millis, formatLength } from '../../domain/instant.js';

/** An authoritative server, asked by its address. */
export interface AuthoritativeServer {
  /** For people, and as the configuration lists it: `ns0`. */
  readonly name: string;
  /** An IPv4 or IPv6 address, never a name: a name would have to be looked up by somebody's cache. */
  readonly address: string;
  readonly port: number;
}

/** How servers are asked. */
export interface Asking {
  readonly clock: Clock;
  /** After how long a question without an answer is sent again. */
  readonly resendAfter: Millis;
  /** How long a server has for all its answers, each way (datagrams, and TCP where those are too short). */
  readonly giveUpAfter: Millis;
  readonly signal: AbortSignal;
}

/** `at 10.3.0.2:53` */
const placeOf = ({ address, port }: AuthoritativeServer): string =>
  `at ${address.includes(':') ? `[${address}]` : address}:${port}`;

/** These read on after the server's name. */
export const noAnswer = (server: AuthoritativeServer, within: Millis): string =>
  `${placeOf(server)} did not answer within ${formatLength(within)}`;

/** What a failed socket means for the server that it was for. */
export function whyFailed(server: AuthoritativeServer, error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ECONNREFUSED'
    ? `${placeOf(server)} refuses: nothing listens there`
    : `${placeOf(server)} cannot be asked: ${code ?? error.message}`;
}
