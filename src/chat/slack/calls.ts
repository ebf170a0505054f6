import { webApi } from '@slack/bolt';
import { type Instant, plus, SECOND } from '../../domain/instant.js';
import type { Clock } from '../../domain/clock.js';
import { shorten, withoutControls } from '../../domain/text.js';
import { NotSent, SentUnknown } from '../errors.js';
import { RateLimited, SlackRefused } from './errors.js';
import { hintFor } from './hints.js';
import type { Door } from './door.js';
import type { SlackTimes } from './options.js';

/** `urgent`: alarms, answers and questions; `calm`: all the rest. Neither waits for the other. */
export type Lane = 'urgent' | 'calm';

export type CallArguments = Readonly<Record<string, unknown>>;

/** The Web API. Slack's refusals are SlackRefused, and a call that may or may not have arrived is SentUnknown. */
export interface Calls {
  /** Waits for rate limits as long as patience lasts, then throws RateLimited. */
  call(lane: Lane, method: string, args: CallArguments): Promise<unknown>;
  /** Throws RateLimited at the first refusal. */
  once(lane: Lane, method: string, args: CallArguments): Promise<unknown>;
}

export interface CallsParts {
  readonly door: Door;
  readonly token: () => string;
  readonly clock: Clock;
  readonly times: SlackTimes;
  readonly closed: AbortSignal;
  /** Told of each refusal. */
  readonly refused: (error: SlackRefused) => void;
}

/** Errors after which Slack may have done it all the same, by its own documentation. */
const MAYBE_DONE: readonly string[] = [
  'fatal_error',
  'internal_error',
  'service_unavailable',
  'request_timeout',
];

/** Errors of a connection that was never made. */
const NEVER_LEFT: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/**
 * One client for each lane, and no queue of theirs is ever used: the library's own would stop all calls for one 429,
 * and would send a message again whose fate is not known.
 */
export function openCalls({ door, token, clock, times, closed, refused }: CallsParts): Calls {
  const clientOf = (): webApi.WebClient => new webApi.WebClient(undefined, door.clientOptions(token));
  const clients: Readonly<Record<Lane, webApi.WebClient>> = { urgent: clientOf(), calm: clientOf() };
  const notBefore = new Map<string, Instant>();

  const attempt = async (lane: Lane, method: string, args: CallArguments): Promise<unknown> => {
    try {
      return await clients[lane].apiCall(method, { ...args });
    } catch (error) {
      const explained = explain(error, method, clock.now());
      if (explained instanceof SlackRefused) refused(explained);
      throw explained;
    }
  };
  const place = (lane: Lane, method: string, { channel }: CallArguments): string =>
    `${lane} ${method} ${typeof channel === 'string' ? channel : ''}`;

  return {
    once: attempt,
    async call(lane, method, args) {
      const until = plus(clock.now(), times.patience);
      const here = place(lane, method, args);
      for (;;) {
        const free = notBefore.get(here);
        if (free !== undefined && free > until) throw new RateLimited(method, free);
        if (free !== undefined && free > clock.now()) await sleepUnlessClosed(clock, free, closed);
        try {
          return await attempt(lane, method, args);
        } catch (error) {
          if (!(error instanceof RateLimited)) throw error;
          notBefore.set(here, error.until);
        }
      }
    },
  };
}

async function sleepUnlessClosed(clock: Clock, until: Instant, closed: AbortSignal): Promise<void> {
  try {
    await clock.sleepUntil(until, closed);
  } catch {
    throw new NotSent('Slack is being left');
  }
}

/** The library's errors hold whole requests: only what is named here goes any further. */
function explain(error: unknown, method: string, now: Instant): Error {
  if (error instanceof webApi.WebAPIRateLimitedError)
    return new RateLimited(method, plus(now, error.retryAfter * SECOND));
  if (error instanceof webApi.WebAPIPlatformError) {
    // A proxy's page comes as the name of an error.
    const code = shorten(withoutControls(error.data.error), 80);
    return MAYBE_DONE.includes(code)
      ? new SentUnknown(`Slack failed at ${method}: ${code}`)
      : new SlackRefused(method, code, hintFor(code));
  }
  if (error instanceof webApi.WebAPIHTTPError)
    return new SentUnknown(`Slack answered ${method} with HTTP ${error.statusCode}`);
  if (error instanceof webApi.WebAPIRequestError) {
    const code = codeOf(error.original) ?? codeOf(error.original.cause);
    if (code !== undefined && NEVER_LEFT.includes(code))
      return new NotSent(`Slack cannot be reached: ${code}`);
    return new SentUnknown(`no answer of Slack to ${method}${code === undefined ? '' : `: ${code}`}`);
  }
  return new SentUnknown(`no answer of Slack to ${method}`);
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
