import { Etcd3, type IOptions } from 'etcd3';
import { type Clock, realDelay } from '../../domain/clock.js';
import { instant, type Millis } from '../../domain/instant.js';
import { NoAnswer, isRefusal } from './etcd-failure.js';
import type { EtcdOptions } from './etcd-options.js';

/** One request; what it calls on the client it calls with these options. */
export type EtcdRequest<T> = (client: Etcd3, call: { readonly deadline: number }) => Promise<T>;

/** One endpoint of the store. It asks once and never again by itself: only its caller knows what may be repeated. */
export interface EtcdMember {
  readonly endpoint: string;
  /** Rejects after `limit` at the latest. */
  ask<T>(limit: Millis, request: EtcdRequest<T>): Promise<T>;
  close(): void;
}

/** A client that failed this often in a row is replaced: there are channels that never recover. */
const FAILURES = 3;

export function etcdMember(endpoint: string, options: EtcdOptions): EtcdMember {
  let client: Etcd3 | undefined;
  let failures = 0;
  const replaceClient = (): void => {
    client?.close();
    client = undefined;
    failures = 0;
  };
  return {
    endpoint,
    async ask(limit, request) {
      client ??= new Etcd3(clientOptions(endpoint, options));
      const used = client;
      try {
        const answer = await within(limit, request(used, { deadline: deadline(options.clock, limit) }));
        failures = 0;
        return answer;
      } catch (error) {
        if (!isRefusal(error)) failures += 1;
        if (failures >= FAILURES && used === client) replaceClient();
        throw error;
      }
    },
    close: replaceClient,
  };
}

/**
 * The library's own deadline goes by the machine's date, which can be set back, and does not cover logging in: so it is
 * counted here as well. What is given up here goes on alone until that deadline, and is then forgotten.
 */
async function within<T>(limit: Millis, answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = realDelay(limit, over.signal).then(
    () => Promise.reject(new NoAnswer(`no answer within ${Math.round(limit)} ms`)),
    () => answer,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

function deadline(clock: Clock, limit: Millis): number {
  return instant(clock.now() + limit);
}

/** No policy at all: the library's own repeats calls whose outcome is unknown, writes too. */
const once: NonNullable<NonNullable<IOptions['faultHandling']>['global']> = {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- never read, and demanded by its type
  _altReturn: undefined as never,
  onSuccess: () => ({ dispose: () => undefined }),
  onFailure: () => ({ dispose: () => undefined }),
  execute: async (call, signal = new AbortController().signal) => call({ signal }),
};

function clientOptions(endpoint: string, { user, tls, times, clock }: EtcdOptions): IOptions {
  return {
    hosts: [endpoint],
    dialTimeout: times.attempt,
    grpcOptions: {
      // More often than every 5 s a member takes for an attack and hangs up.
      'grpc.keepalive_time_ms': 6_000,
      'grpc.keepalive_timeout_ms': 1_500,
      'grpc.keepalive_permit_without_calls': 0,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 500,
    },
    defaultCallOptions: ({ isStream }) => (isStream ? {} : { deadline: deadline(clock, times.attempt) }),
    faultHandling: { global: once, host: () => once },
    ...(user && {
      auth: {
        username: user.name,
        // Read when it is needed, so that the client, which may be printed, does not hold it.
        get password() {
          return user.password.reveal();
        },
      },
    }),
    ...(tls && {
      credentials: {
        rootCertificate: tls.authority,
        ...(tls.client && {
          certChain: tls.client.certificate,
          privateKey: Buffer.from(tls.client.key.reveal()),
        }),
      },
    }),
  };
}
