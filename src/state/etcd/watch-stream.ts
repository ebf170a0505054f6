import { type Etcd3, type IEvent, type IWatchResponse, castGrpcError } from 'etcd3';
import { realDelay } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import type { Millis } from '../../domain/instant.js';
import { NoAnswer } from './etcd-failure.js';
import type { KeyRange } from './etcd-keys.js';

export interface WatchStream {
  /** The first revision whose changes are wanted. */
  readonly from: number;
  /** How long the store may take to say that it watches. */
  readonly answerWithin: Millis;
  /** When it ends by itself. */
  readonly endAfter: Millis;
  readonly signal: AbortSignal;
  /** The store watches from now on. */
  begun(): void;
  /** In the store's order. */
  event(event: IEvent): void;
}

/**
 * One watch of the store, on the bare stream: the library's own watcher joins again by itself, and then skips what has
 * happened meanwhile. Resolves at `endAfter` and at the signal; rejects when the store or the connection ends it.
 */
export async function watchStream(client: Etcd3, range: KeyRange, watch: WatchStream): Promise<void> {
  const stop = new AbortController();
  const stream = await opened(client, watch.answerWithin);
  const end = (): void => stop.abort();
  watch.signal.addEventListener('abort', end, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      let hasBegun = false;
      const take = (answer: IWatchResponse): void => {
        if (answer.canceled) throw new Error(whyCancelled(answer));
        if (answer.created) {
          hasBegun = true;
          watch.begun();
        }
        for (const event of answer.events) watch.event(event);
      };
      stream.on('data', (answer) => {
        try {
          // What is still on its way after the end is nobody's.
          if (!stop.signal.aborted) take(answer);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(explainError(error)));
        }
      });
      stream.on('error', (error) => reject(castGrpcError(error)));
      stream.on('end', () => reject(new Error('the member has ended the watch')));
      stream.write({ create_request: { ...range, start_revision: watch.from } });
      void realDelay(watch.answerWithin, stop.signal)
        .then(() => (hasBegun ? undefined : reject(new NoAnswer('the member does not begin to watch'))))
        .catch(() => undefined);
      void realDelay(watch.endAfter, stop.signal).then(resolve, () => resolve());
      if (watch.signal.aborted) end();
    });
    // Not cancelled: the library takes that for a failing member and drops its connection, with all that is under way.
    stream.end();
  } catch (error) {
    stream.cancel();
    throw error;
  } finally {
    watch.signal.removeEventListener('abort', end);
    stop.abort();
  }
}

/** Opening it may log in first, which can hang. */
async function opened(client: Etcd3, limit: Millis) {
  const over = new AbortController();
  const stream = client.watchClient.watch();
  const late = realDelay(limit, over.signal).then(
    () => undefined,
    () => undefined,
  );
  const first = await Promise.race([stream, late]).finally(() => over.abort());
  if (first !== undefined) return first;
  void stream.then(
    (unwanted) => {
      unwanted.on('error', () => undefined);
      unwanted.cancel();
    },
    () => undefined,
  );
  throw new NoAnswer(`no stream within ${limit} ms`);
}

function whyCancelled({ compact_revision, cancel_reason }: IWatchResponse): string {
  if (compact_revision !== '0') return `the history before revision ${compact_revision} is gone`;
  return `the store has ended the watch (${cancel_reason === '' ? 'without a reason' : cancel_reason})`;
}
