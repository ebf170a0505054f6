import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions, request as httpsRequest } from 'node:https';
import { type Clock, reasonOf, sleep } from '../../domain/clock.js';
import { formatLength } from '../../domain/instant.js';
import { explain } from './explain.js';
import type { AppServer, HttpSiteOptions } from './options.js';

/** What a server sent, or why nothing of use came. Not yet parsed. */
export type ServerAnswer =
  { readonly answered: true; readonly text: string } | { readonly answered: false; readonly because: string };

export interface Asker {
  /** Asks the API of one server; throws only when the signal is aborted. Reads. */
  ask(
    server: AppServer,
    question: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ServerAnswer>;
  /** Ends the connections that are kept. */
  close(): void;
}

const LONGEST_ANSWER = 1024 * 1024;

/** Asks over connections that stay open between questions, where the servers let them. */
export function openAsker(options: HttpSiteOptions): Asker {
  const { clock, timeout, longestAnswer = LONGEST_ANSWER, path = '/w/api.php' } = options;
  const http = new HttpAgent({ keepAlive: true, noDelay: true });
  const https = new HttpsAgent({ keepAlive: true, noDelay: true });

  return {
    async ask(server, question, signal) {
      const url = new URL(path, server.url);
      url.search = new URLSearchParams({ ...question, format: 'json', formatversion: '2' }).toString();
      const secure = url.protocol === 'https:';
      const request: RequestOptions = {
        agent: secure ? https : http,
        headers: { ...(options.host === undefined ? {} : { host: options.host }), 'user-agent': 'switchdc' },
        ...(options.host === undefined ? {} : { servername: options.host }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      };
      try {
        const text = await within(clock, timeout, signal, (ended) =>
          get(url, { ...request, signal: ended }, longestAnswer),
        );
        return { answered: true, text };
      } catch (error) {
        if (signal.aborted) throw reasonOf(signal);
        return { answered: false, because: explain(error) };
      }
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

/** Why a question was given up, in words for people; does not leave this file. */
class NoUsefulAnswer extends Error {}

/** Runs until it is done, the time is over, or the signal is aborted. */
async function within<T>(
  clock: Clock,
  length: number,
  signal: AbortSignal,
  run: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw reasonOf(signal);
  const over = new AbortController();
  const done = new AbortController();
  const stop = (): void => over.abort(reasonOf(signal));
  signal.addEventListener('abort', stop, { once: true });
  sleep(clock, length, done.signal).then(
    () => over.abort(new NoUsefulAnswer(`no answer within ${formatLength(length)}`)),
    () => undefined,
  );
  try {
    return await run(over.signal);
  } catch (error) {
    // The request says that it was aborted, not why.
    throw over.signal.aborted ? reasonOf(over.signal) : error;
  } finally {
    signal.removeEventListener('abort', stop);
    done.abort();
  }
}

/** Resolves to the body of an answer with status 200. */
async function get(url: URL, options: RequestOptions, longest: number): Promise<string> {
  const response = await respond(url, options);
  if (response.statusCode !== 200) {
    response.destroy();
    throw new NoUsefulAnswer(`HTTP ${response.statusCode ?? 'without a status'}`);
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    // Leaving the loop destroys the response, so that no more of it is received.
    if (length > longest) throw new NoUsefulAnswer(`an answer of more than ${longest} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function respond(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, options, resolve);
    request.on('error', (error) => {
      // A server may close a connection that it kept for long at the very moment when it is used again: it has not
      // seen the question. A connection of its own cannot have that fate.
      const isStale = request.reusedSocket && options.signal?.aborted !== true;
      if (isStale) respond(url, { ...options, agent: false }).then(resolve, reject);
      else reject(error);
    });
    request.end();
  });
}
