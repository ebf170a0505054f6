import { LabGround } from '../../lab/lab-ground.js';
import { MariadbPairs } from '../../lab/mariadb-pairs.js';
import type { MariadbServer } from '../../lab/mariadb/mariadb-server.js';
import { TcpProxy } from '../../lab/tcp-proxy.js';
import { type LabWiki, openLabWiki } from '../../lab/wiki/lab-wiki.js';
import { systemClock } from '../../src/domain/clock.js';
import { type DatacenterName, datacenter, section } from '../../src/domain/names.js';
import { openHttpSite } from '../../src/mediawiki/http/http-site.js';
import type { HttpSiteOptions } from '../../src/mediawiki/http/options.js';
import type { AppServerView, SiteReader } from '../../src/mediawiki/site.js';
import { eventually } from './eventually.js';
import { codfw, eqiad } from './practice-installation.js';
import { type SingleEtcd, openSingleEtcd } from './single-etcd.js';

/** A wiki in two datacenters with what it stands on: databases, and a store of one member behind a link. */
export interface WikiGround extends AsyncDisposable {
  readonly ground: LabGround;
  readonly wiki: LabWiki;
  readonly store: SingleEtcd;
  /** Between all app servers and the store. */
  readonly storeLink: TcpProxy;
  readonly databases: MariadbPairs;
  /** Milliseconds. */
  readonly cacheLifetime: number;
  /** The wiki as it is asked: patiently, for the machine may be busy. */
  readonly site: SiteReader;
  /** Another way to ask the same app servers. */
  ask(options?: Partial<HttpSiteOptions>): ReturnType<typeof openHttpSite>;
  /** Whether it is read-only, by datacenter; false or the notice. */
  setReadOnly(values: Readonly<Record<string, string | false>>): Promise<void>;
  /** Read-only everywhere, then the databases, then everything else in one go, as a switchover does it. */
  makePrimary(name: DatacenterName): Promise<void>;
  /** Waits until every app server says this of itself. */
  everyServer(is: (view: AppServerView['view'] & { answered: true }) => boolean): Promise<void>;
  /** Everything runs, the primary is codfw as at first, and every app server says so. */
  reset(): Promise<void>;
}

/** Where the wiki's tables are. */
const SECTION = section('s3');
const WIKI = 'mediawiki-config';
const PRIMARY = `${WIKI}/common/WMFMasterDatacenter`;

export async function openWikiGround({ cacheLifetime = 500, appServers = 4 } = {}): Promise<WikiGround> {
  const ground = await LabGround.open();
  try {
    const [store, databases] = await Promise.all([
      openSingleEtcd(ground),
      MariadbPairs.open(ground, { sections: [SECTION], datacenters: [codfw, eqiad] }),
    ]);
    const storeLink = await TcpProxy.open(
      { host: '127.0.0.1', port: await ground.ports.next() },
      { host: '127.0.0.1', port: store.port },
    );
    const setReadOnly: WikiGround['setReadOnly'] = (values) =>
      store.put(
        Object.fromEntries(Object.entries(values).map(([name, val]) => [readOnlyKey(name), { val }])),
      );
    const everywhere = (val: string | false): Record<string, { val: string | false }> => ({
      [readOnlyKey(codfw)]: { val },
      [readOnlyKey(eqiad)]: { val },
    });
    await store.put({ ...everywhere(false), [PRIMARY]: { val: codfw } });
    const database = (name: DatacenterName): MariadbServer =>
      databases.server({ section: SECTION, datacenter: name });
    const wiki = await openLabWiki(ground, {
      datacenters: [codfw, eqiad].map((name, side) => ({
        name,
        database: database(name),
        databaseFromAfar: database(name).across,
        appServers: Array.from({ length: appServers }, (_, index) => `mw${side + 1}00${index + 1}`),
      })),
      store: { endpoints: [`http://127.0.0.1:${storeLink.port}`], timeout: 1_000 },
      cacheLifetime,
      sql: (statement) => databases.onPrimary(SECTION, statement),
    });
    const ask: WikiGround['ask'] = (options) =>
      openHttpSite({
        appServers: wiki.appServers.map((server) => ({
          ...server,
          datacenter: datacenter(server.datacenter),
        })),
        path: '/api.php',
        timeout: 10_000,
        clock: systemClock(),
        trouble: () => undefined,
        ...options,
      });
    const site = await ask();
    const { signal } = new AbortController();
    const everyServer: WikiGround['everyServer'] = (is) =>
      eventually(
        async () => {
          const views = await site.views([codfw, eqiad], signal);
          return views.every(({ view }) => view.answered && is(view));
        },
        `every app server: ${is.toString()}`,
        20_000,
      );
    const makePrimary: WikiGround['makePrimary'] = async (to) => {
      await store.put(everywhere('moving'));
      await everyServer(({ readOnly }) => readOnly === 'moving');
      const [next, last] = [database(to), database(to === codfw ? eqiad : codfw)];
      await drain(last);
      await last.sql('SET GLOBAL read_only = 1');
      await next.hasExecuted(await last.position());
      await next.sql('SET GLOBAL read_only = 0');
      await store.put({ ...everywhere(false), [PRIMARY]: { val: to } });
    };
    return {
      ground,
      wiki,
      store,
      storeLink,
      databases,
      site,
      cacheLifetime,
      ask,
      setReadOnly,
      makePrimary,
      everyServer,
      async reset() {
        storeLink.mend();
        store.server.thaw();
        await Promise.all([store.server.start(), databases.reset(), wiki.mend()]);
        // Complete, so that no nonsense of an earlier test keeps servers on their last good values.
        await store.put({ ...everywhere('reset'), [PRIMARY]: { val: codfw } });
        await everyServer(({ readOnly }) => readOnly === 'reset');
        await store.put(everywhere(false));
        await everyServer(({ readOnly, primary }) => readOnly === false && primary === codfw);
      },
      async [Symbol.asyncDispose]() {
        await site[Symbol.asyncDispose]();
        await databases[Symbol.asyncDispose]();
        await ground[Symbol.asyncDispose]();
        await storeLink[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await ground[Symbol.asyncDispose]();
    throw error;
  }
}

const readOnlyKey = (name: string): string => `${WIKI}/${name}/ReadOnly`;

/**
 * Waits until the requests that were being served have ended: some may have begun before their server knew of
 * read-only. Twice, for one may not have connected to the database yet.
 */
async function drain(database: MariadbServer): Promise<void> {
  const connected = async (): Promise<Set<unknown>> => {
    const rows = await database.sql(`SELECT id FROM information_schema.processlist WHERE user = 'wiki'`);
    return new Set(rows.map(({ id }) => id));
  };
  for (const round of ['first', 'second']) {
    const before = await connected();
    await eventually(
      async () => ![...(await connected())].some((id) => before.has(id)),
      `the ${round} drain`,
    );
  }
}
