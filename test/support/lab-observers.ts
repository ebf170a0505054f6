import type { Connection } from 'mariadb';
import { accounts } from '../../lab/mariadb/accounts.js';
import { connectTo } from '../../lab/mariadb/connect.js';
import type { MariadbServer } from '../../lab/mariadb/mariadb-server.js';
import type { Lab } from '../../lab/lab.js';
import { coreDatacenters } from '../../src/domain/installation.js';
import type { DatacenterName } from '../../src/domain/names.js';

/** When something was so: at some instant from `since` to `at`, in milliseconds since the epoch. */
export interface Span {
  readonly since: number;
  readonly at: number;
}

/** What the store said at one instant: one answer is one revision. */
export interface StoreSeen extends Span {
  readonly primary: string;
  readonly readOnly: Readonly<Record<string, string | false>>;
  readonly pooled: Readonly<Record<string, readonly DatacenterName[]>>;
}

export interface DatabaseSeen extends Span {
  readonly state: 'writable' | 'read-only' | 'down';
}

/** What one app server shows to an editor. */
export interface SiteSeen extends Span {
  readonly server: string;
  readonly datacenter: DatacenterName;
  readonly readOnly: string | false;
}

/** Longer than any answer takes that is still of use, in milliseconds. */
const PATIENCE = 1_000;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const now = (): number => performance.timeOrigin + performance.now();

/** Looks at the store through its members in turn; undefined where none answers in time: then nothing is known. */
export function storeObserver(lab: Lab): () => Promise<StoreSeen | undefined> {
  const prefix = '/conftool/v1/';
  const body = JSON.stringify({ key: base64(prefix), range_end: base64('/conftool/v10') });
  const datacenters = coreDatacenters(lab.settings.installation);
  const records = lab.settings.installation.wiki.readWriteRecords;
  let turn = 0;
  return async () => {
    const since = now();
    const endpoint = lab.etcd.endpoints[turn % lab.etcd.endpoints.length] ?? '';
    const answer = await ask(`${endpoint}/v3/kv/range`, { method: 'POST', body });
    if (answer === undefined) {
      turn += 1;
      return undefined;
    }
    const at = now();
    const { kvs = [] } = answer as { kvs?: { key: string; value: string }[] };
    const text = (value: string): string => Buffer.from(value, 'base64').toString();
    const objects = new Map(
      kvs.map(({ key, value }) => [
        text(key).slice(prefix.length),
        JSON.parse(text(value)) as { val?: string | false; pooled?: boolean },
      ]),
    );
    const valueOf = (path: string) => objects.get(path)?.val ?? 'there is no such object';
    return {
      since,
      at,
      primary: String(valueOf('mediawiki-config/common/WMFMasterDatacenter')),
      readOnly: Object.fromEntries(datacenters.map((dc) => [dc, valueOf(`mediawiki-config/${dc}/ReadOnly`)])),
      pooled: Object.fromEntries(
        records.map((record) => [
          record,
          datacenters.filter((dc) => objects.get(`discovery/${record}/${dc}`)?.pooled === true),
        ]),
      ),
    };
  };
}

export interface DatabaseObserver {
  look(): Promise<DatabaseSeen>;
  close(): void;
}

/** NOW is when the statement began, SYSDATE when it is evaluated: between them it was so, by the one clock of the machine. */
const LOOK = `SELECT UNIX_TIMESTAMP(NOW(6)) AS since, @@GLOBAL.read_only AS locked, UNIX_TIMESTAMP(SYSDATE(6)) AS at`;

/** On a connection of its own, as an account that is not the application's. One that does not answer is down. */
export function databaseObserver(server: MariadbServer): DatabaseObserver {
  let opened: Promise<Connection> | undefined;
  const drop = (): void => {
    void opened?.then((connection) => connection.destroy()).catch(() => undefined);
    opened = undefined;
  };
  const open = (): Promise<Connection> => {
    const opening = connectTo(server.loginOf(accounts.heartbeat));
    opening.catch(() => (opened = undefined));
    return opening;
  };
  return {
    async look() {
      const since = now();
      try {
        // One that is slow to be opened on a busy machine is waited for by the next look as well.
        const connection = await within((opened ??= open()));
        const rows = await within(connection.query<Record<string, unknown>[]>(LOOK)).catch(
          (error: unknown) => {
            drop();
            throw error;
          },
        );
        const [row] = rows;
        return {
          since: Number(row?.['since']) * 1_000,
          at: Number(row?.['at']) * 1_000,
          state: Number(row?.['locked']) === 0 ? 'writable' : 'read-only',
        };
      } catch {
        return { since, at: now(), state: 'down' };
      }
    },
    close: drop,
  };
}

interface SiteInfo {
  readonly query?: { readonly general?: { readonly readonly?: boolean; readonly readonlyreason?: string } };
}

/** Asks one app server after the other; undefined where it does not answer. */
export function siteObserver(lab: Lab): () => Promise<SiteSeen | undefined> {
  let turn = 0;
  const { appServers } = lab.wiki;
  return async () => {
    const server = appServers[turn % appServers.length];
    turn += 1;
    if (server === undefined) return undefined;
    const since = now();
    const answer = await ask(
      `${server.url}/api.php?action=query&meta=siteinfo&format=json&formatversion=2`,
      {},
    );
    const general = (answer as SiteInfo | undefined)?.query?.general;
    if (general === undefined) return undefined;
    return {
      since,
      at: now(),
      server: server.name,
      datacenter: server.datacenter as DatacenterName,
      readOnly: general.readonly === true ? (general.readonlyreason ?? 'without a reason') : false,
    };
  };
}

/** The body of a good answer. */
async function ask(url: string, init: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE) });
    const body: unknown = await response.json();
    return response.ok ? body : undefined;
  } catch {
    return undefined;
  }
}

async function within<T>(done: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE);
  });
  done.catch(() => undefined);
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
