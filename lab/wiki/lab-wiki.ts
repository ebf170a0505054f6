import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabGround } from '../lab-ground.js';
import { accounts } from './accounts.js';
import { type LabAppServer, appServer } from './app-server.js';
import { outcomeOf } from './edit.js';
import { labCache } from './lab-cache.js';
import { maintenance } from './maintenance.js';
import { type MediaWikiTree, findMediaWiki } from './mediawiki-tree.js';
import { type Memcached, startMemcached } from './memcached.js';
import type { LabWikiOptions } from './options.js';
import { runProgram } from './run-program.js';
import { settingsFile } from './settings-file.js';
import { type WikiDatabase, createDatabase, withEmptyDatabase } from './wiki-database.js';
import { WikiSession } from './wiki-session.js';
import { loadTemplate, wikiTemplate } from './wiki-template.js';

export interface LabWiki {
  readonly appServers: readonly LabAppServer[];
  readonly accounts: typeof accounts;
  /** Throws where there is none of this name. */
  appServer(name: string): LabAppServer;
  /** Everything runs and answers again, whatever was killed, frozen or cut off. Pages stay as they are. */
  mend(): Promise<void>;
  /** Resolves once every app server takes this datacenter for the primary and a page has been saved through it. */
  editableEverywhere(primary: string): Promise<void>;
  /** Runs one of MediaWiki's maintenance scripts in a datacenter, `['runJobs.php']`, and gives its output. */
  maintain(datacenter: string, script: readonly string[]): Promise<string>;
}

/**
 * A real wiki in several datacenters: app servers with a configuration cache of their own, which read from the state
 * store whether they are read-only and where the primary is. Its databases are there already; they end with the ground.
 */
export async function openLabWiki(ground: LabGround, options: LabWikiOptions): Promise<LabWiki> {
  const tree = findMediaWiki();
  const compiled = path.join(labCache(), 'compiled');
  await mkdir(compiled, { recursive: true });
  const [made, sessions, ...caches] = await Promise.all([
    makeWiki(tree, options),
    startMemcached(ground, 'sessions'),
    ...options.datacenters.map(({ name }) => startMemcached(ground, name)),
  ]);
  const file = path.join(ground.folder, 'wiki.json');
  await writeFile(file, JSON.stringify(forPhp(options, made, sessions, caches)), { mode: 0o600 });

  const port = await ground.ports.next();
  const names = options.datacenters.flatMap(({ name: datacenter, appServers }, side) =>
    appServers.map((name, index) => ({ name, datacenter, host: ground.ports.address(80 + side, 1 + index) })),
  );
  const appServers = names.map((server, index) =>
    appServer(ground, {
      ...server,
      port,
      tree,
      options: file,
      turn: index / names.length,
      compiled,
    }),
  );
  const processes = [sessions, ...caches, ...appServers].map(({ process }) => process);
  await Promise.all(appServers.map(({ process }) => process.start()));
  return {
    appServers,
    accounts,
    appServer(name) {
      const found = appServers.find((server) => server.name === name);
      if (found === undefined) throw new Error(`the lab's wiki has no app server ${name}`);
      return found;
    },
    async mend() {
      for (const server of appServers) server.mend();
      for (const process of processes) process.thaw();
      await Promise.all(processes.map((process) => process.start()));
    },
    async editableEverywhere(primary) {
      await Promise.all(appServers.map((server) => untilEditable(server, primary)));
      await untilSaved(appServers, primary);
    },
    maintain: (datacenter, script) =>
      runProgram(
        maintenance(tree, script, {
          MW_CONFIG_FILE: settingsFile(),
          LAB_WIKI: file,
          LAB_WIKI_DATACENTER: datacenter,
          LAB_WIKI_URL: appServers.find((server) => server.datacenter === datacenter)?.url ?? '',
        }),
      ),
  };
}

/** In milliseconds. */
const EDITABLE_WITHIN = 30_000;
const LOOK_EVERY = 100;

async function untilEditable({ name, url }: LabAppServer, primary: string): Promise<void> {
  const late = AbortSignal.timeout(EDITABLE_WITHIN);
  const question = `${url}/api.php?action=query&meta=siteinfo&format=json&formatversion=2`;
  for (;;) {
    const answer = await fetch(question, { signal: late });
    const { query } = (await answer.json()) as SiteInfo;
    const seen = query?.general;
    if (seen?.readonly === false && seen['wmf-config'].wmfMasterDatacenter === primary) return;
    if (late.aborted) throw new Error(`${name} cannot be edited through: ${seen?.readonlyreason ?? ''}`);
    await sleep(LOOK_EVERY);
  }
}

/**
 * What an app server says is not enough: apart from what its datacenter remembers together, each remembers by itself for
 * some seconds that a database was read-only, and its editors see a database error then.
 */
async function untilSaved(servers: readonly LabAppServer[], primary: string): Promise<void> {
  const late = AbortSignal.timeout(EDITABLE_WITHIN);
  const session = new WikiSession(EDITABLE_WITHIN);
  const { user, password } = accounts.bot;
  const home = servers.find(({ datacenter }) => datacenter === primary)?.url ?? '';
  await patiently('a login', late, () => session.logIn(home, user, password));
  const save = async ({ name, url }: LabAppServer): Promise<void> => {
    const text = randomBytes(8).toString('hex');
    const page = { title: `Saved through ${name}`, text, token: session.token };
    const outcome = outcomeOf(await session.ask(url, { action: 'edit', ...page }));
    if (outcome.kind !== 'acknowledged') throw new Error(JSON.stringify(outcome));
  };
  await Promise.all(
    servers.map((server) => patiently(`an edit through ${server.name}`, late, () => save(server))),
  );
}

async function patiently(what: string, late: AbortSignal, attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (late.aborted) throw new Error(`${what} does not succeed`, { cause: error });
      await sleep(LOOK_EVERY);
    }
  }
}

interface SiteInfo {
  readonly query?: {
    readonly general: {
      readonly readonly: boolean;
      readonly readonlyreason?: string;
      readonly 'wmf-config': { readonly wmfMasterDatacenter: string };
    };
  };
}

interface MadeWiki {
  readonly template: string;
  readonly database: WikiDatabase;
}

async function makeWiki(
  tree: MediaWikiTree,
  { datacenters: [primary], sql }: LabWikiOptions,
): Promise<MadeWiki> {
  if (primary === undefined) throw new Error('a wiki needs a datacenter');
  const server = { address: addressOf(primary.database), sql };
  const template = await wikiTemplate(tree, (use) => withEmptyDatabase(server, use));
  const database = await createDatabase(server, 'wiki');
  await loadTemplate(template, database);
  return { template, database };
}

/** What settings.php reads. */
function forPhp(
  { store, cacheLifetime, datacenters }: LabWikiOptions,
  { template, database: { name, user, password } }: MadeWiki,
  sessions: Memcached,
  caches: readonly Memcached[],
): object {
  return {
    store: {
      ...store,
      prefix: store.prefix ?? '/conftool/v1',
      timeout: (store.timeout ?? 500) / 1000,
      lifetime: cacheLifetime / 1000,
    },
    secret: randomBytes(32).toString('hex'),
    template,
    sessions: sessions.address,
    datacenters: Object.fromEntries(
      datacenters.map(({ name: datacenter, database, databaseFromAfar = database }, index) => [
        datacenter,
        {
          database: addressOf(database),
          databaseFromAfar: addressOf(databaseFromAfar),
          memcached: caches[index]?.address,
        },
      ]),
    ),
    database: { name, user, password },
  };
}

const addressOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host}:${port}`;
