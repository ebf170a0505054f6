import { readFileSync } from 'node:fs';
import { type EtcdCluster, type EtcdClusterOptions, openEtcdCluster } from '../../../lab/etcd-cluster.js';
import { LabGround } from '../../../lab/lab-ground.js';
import { systemClock } from '../../../src/domain/clock.js';
import { person } from '../../../src/domain/names.js';
import type { Authority } from '../../../src/domain/reason.js';
import { type EtcdOptions, usualTimes } from '../../../src/state/etcd/etcd-options.js';
import { type Etcd, openEtcd } from '../../../src/state/etcd/open-etcd.js';
import type { Change, Fields, KindName, Selector, StoredObject } from '../../../src/state/store.js';

/** A real cluster, and stores opened in it: each `space` of them has keys of its own. */
export interface EtcdUnderTest extends AsyncDisposable {
  readonly cluster: EtcdCluster;
  space(): EtcdSpace;
}

export interface EtcdSpace extends AsyncDisposable {
  readonly prefix: string;
  readonly ownPrefix: string;
  /** As one more process opens it; straight to the members unless told. */
  open(changed?: Partial<EtcdOptions>): Promise<Etcd>;
  /** What people were told by all of them. */
  readonly told: string[];
}

export async function etcdUnderTest(options: EtcdClusterOptions = {}): Promise<EtcdUnderTest> {
  const ground = await LabGround.open();
  const cluster = await openEtcdCluster(ground, options);
  let spaces = 0;
  return {
    cluster,
    space() {
      spaces += 1;
      const prefix = `/${spaces}/conftool/v1`;
      const ownPrefix = `/${spaces}/switchdc/v1`;
      const told: string[] = [];
      const opened: Etcd[] = [];
      return {
        prefix,
        ownPrefix,
        told,
        async open(changed = {}) {
          const etcd = await openEtcd({
            endpoints: cluster.endpoints,
            prefix,
            ownPrefix,
            times: usualTimes,
            clock: systemClock(),
            steady: () => performance.now(),
            trouble: (text) => told.push(text),
            ...changed,
          });
          opened.push(etcd);
          return etcd;
        },
        async [Symbol.asyncDispose]() {
          await Promise.all(opened.map((etcd) => etcd[Symbol.asyncDispose]()));
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await cluster[Symbol.asyncDispose]();
      await ground[Symbol.asyncDispose]();
    },
  };
}

/** The certificate that the cluster gives to its clients. */
export function clientTls({ certificates }: EtcdCluster): NonNullable<EtcdOptions['tls']> {
  if (certificates === undefined) throw new Error('the cluster has no certificates');
  const { authority, client } = certificates;
  const key = readFileSync(client.key, 'utf8');
  return {
    authority: readFileSync(authority),
    client: { certificate: readFileSync(client.certificate), key: { reveal: () => key } },
  };
}

export const by: Authority = {
  person: person('alice'),
  reason: { text: 'a test', task: 'T12345' },
  run: 41,
};
export const everything: Selector = { patterns: {}, text: '' };
export const readOnly = { scope: 'eqiad', name: 'ReadOnly' };

/** A change of the wiki's ReadOnly. */
export function setReadOnly(from: Fields['val'] & {}, to: Fields['val'] & {}): Change {
  return { kind: 'mwconfig', tags: readOnly, from: { val: from }, to: { val: to } };
}

/** Writes the wiki's first ReadOnly, false. */
export async function begin({ state, locks }: Etcd, ttl = 60_000) {
  const { lease } = await locks.acquire('mediawiki', ttl, { installation: 'test', run: 41 });
  await state.replace(
    [{ kind: 'mwconfig', tags: readOnly, from: { val: null }, to: { val: false } }],
    by,
    lease.fence,
  );
  return lease;
}

/** What a watch has told so far; `until` waits for it. */
export function watching({ state }: Etcd, kind: KindName = 'mwconfig') {
  const stop = new AbortController();
  const seen: StoredObject[] = [];
  let wake = (): void => undefined;
  const watch = (async () => {
    for await (const object of state.watch(kind, everything, stop.signal)) {
      seen.push(object);
      wake();
    }
  })();
  return {
    seen,
    values: () => seen.map(({ fields }) => fields['val']),
    async until(holds: (objects: readonly StoredObject[]) => boolean): Promise<void> {
      while (!holds(seen)) await new Promise<void>((resolve) => (wake = resolve));
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watch;
    },
  };
}
