import { GRPCUnavailableError, type ITxnRequest, type ITxnResponse } from 'etcd3';
import { realDelay } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import { StoreUnavailable, StoreUnknown } from '../errors.js';
import { NoAnswer, explainFailure, isRefusal } from './etcd-failure.js';
import { type EtcdRequest, etcdMember } from './etcd-member.js';
import type { EtcdOptions } from './etcd-options.js';
import type { Troubles } from './troubles.js';

/** In less time nobody answers. */
const SHORTEST: Millis = 5;

/** After a round in which no member answered. */
const BREATH: Millis = 100;

/** All endpoints of the store as one: whichever answers is asked. */
export interface EtcdCluster {
  /**
   * Asks the member that answered last, then each of the others, until one answers. For what may be done twice: reads,
   * and writes that end by themselves such as the grant of a lease. Throws StoreUnavailable once `limit` is over, or
   * at once when the store refuses.
   */
  ask<T>(limit: Millis, what: string, request: EtcdRequest<T>): Promise<T>;
  /**
   * Makes a transaction that *can only succeed once*, because it compares the revision of something that it writes: so
   * it may be sent again while its outcome is unknown, which also brings that outcome to light. One that comes back
   * without success may still have succeeded at an earlier try: look for what it has written. Throws StoreUnavailable
   * when nothing was written, StoreUnknown when that is not known.
   */
  commit(limit: Millis, what: string, transaction: ITxnRequest): Promise<ITxnResponse>;
  /** Whether the last request was answered by nobody. */
  readonly isDown: boolean;
  close(): void;
}

export function etcdCluster(options: EtcdOptions, troubles: Troubles): EtcdCluster {
  const { steady, times } = options;
  const members = options.endpoints.map((endpoint) => etcdMember(endpoint, options));
  const closed = new AbortController();
  let preferred = 0;
  let isDown = false;

  const answered = (index: number): void => {
    preferred = index;
    isDown = false;
    troubles.end('store', 'the state store answers again');
  };
  const unanswered = (what: string, error: unknown): StoreUnavailable => {
    const failure = explainFailure(what, error, options);
    isDown = true;
    troubles.begin('store', failure.message);
    return failure;
  };
  const ask = async <T>(limit: Millis, what: string, request: EtcdRequest<T>): Promise<T> => {
    const until = steady() + limit;
    const first = preferred;
    // However little time there is, each of them gets some of it.
    const share = limit / members.length;
    let last: unknown = new NoAnswer(`there were ${Math.round(limit)} ms for it`);
    for (let tries = 0; ; tries += 1) {
      const index = (first + tries) % members.length;
      const member = members[index];
      if (member === undefined) throw new StoreUnavailable(`${what}: no endpoint of the store is configured`);
      if (closed.signal.aborted) throw new StoreUnavailable(`${what}: its client is closed`);
      const left = until - steady();
      if (left < SHORTEST) throw unanswered(what, last);
      try {
        const answer = await member.ask(Math.min(times.attempt, share, left), request);
        answered(index);
        return answer;
      } catch (error) {
        if (isRefusal(error)) throw explainFailure(what, error, options);
        // Why nobody can be reached says more than that there was no answer.
        if (!(last instanceof GRPCUnavailableError)) last = error;
        if (preferred === index) preferred = (index + 1) % members.length;
      }
      if (index === (first + members.length - 1) % members.length)
        await realDelay(Math.min(BREATH, Math.max(0, until - steady())), closed.signal).catch(
          () => undefined,
        );
    }
  };

  return {
    ask,
    async commit(limit, what, transaction) {
      const tries = { unknown: 0 };
      try {
        return await ask(limit, what, async (client, call) => {
          tries.unknown += 1;
          try {
            return await client.kv.txn(transaction, call);
          } catch (error) {
            if (isRefusal(error)) tries.unknown -= 1;
            throw error;
          }
        });
      } catch (error) {
        if (tries.unknown === 0 || !(error instanceof StoreUnavailable)) throw error;
        throw new StoreUnknown(`${error.message}; whether it was written is not known`, { cause: error });
      }
    },
    get isDown() {
      return isDown;
    },
    close() {
      closed.abort();
      for (const member of members) member.close();
    },
  };
}
