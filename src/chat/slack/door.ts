import { LogLevel, type Logger, type webApi } from '@slack/bolt';
import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici';
import type { SlackTimes } from './options.js';

/** The way to Slack: everything that leaves goes through it, and ends when it is shut. */
export interface Door {
  /** For every client of the Web API that is made. The token is read at each call, and kept nowhere. */
  clientOptions(token: () => string): webApi.WebClientOptions;
  /** For the socket, where there is a proxy; the library has its own way otherwise. */
  readonly dispatcher: Dispatcher | undefined;
  /** Sends JSON to an address that Slack gave; whether it was taken. */
  post(url: string, body: unknown): Promise<boolean>;
  shut(): void;
}

export function openDoor(
  apiUrl: string | undefined,
  proxy: string | undefined,
  { callWithin }: SlackTimes,
): Door {
  const dispatcher = proxy === undefined ? new Agent() : new ProxyAgent({ uri: proxy, proxyTunnel: true });
  const fetchWith = (token: () => string) => (url: string, init: RequestInit) => {
    const headers = { ...(init.headers as Record<string, string>), Authorization: `Bearer ${token()}` };
    return fetch(url, { ...(init as Parameters<typeof fetch>[1]), headers, dispatcher });
  };
  return {
    dispatcher: proxy === undefined ? undefined : dispatcher,
    clientOptions: (token) => ({
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      fetch: fetchWith(token) as unknown as typeof globalThis.fetch,
      timeout: callWithin,
      // Ten retries over half an hour are the default, and one 429 would stop every other call of the client.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: silentLogger,
    }),
    async post(url, body) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(callWithin),
        dispatcher,
      });
      await response.body?.cancel();
      return response.ok;
    },
    shut() {
      void dispatcher.destroy();
    },
  };
}

/**
 * The library's lines hold whole payloads, tickets and requests. What people should know is told through `trouble`, in
 * our words.
 */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
