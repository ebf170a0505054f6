import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { accounts } from './accounts.js';
import { labCache } from './lab-cache.js';
import { maintenance } from './maintenance.js';
import type { MediaWikiTree } from './mediawiki-tree.js';
import { runProgram } from './run-program.js';
import { settingsFile } from './settings-file.js';
import { type WikiDatabase, databaseClient } from './wiki-database.js';

const [ACCOUNT, APPLICATION] = accounts.bot.user.split('@') as [string, string];

/** Makes the wiki in an empty database, and what every app server would otherwise make for itself. */
const STEPS = [
  // The others speak, so this comes first.
  ['rebuildLocalisationCache.php', '--lang=en'],
  ['createAndPromote.php', '--bot', ACCOUNT, 'SwitchbotPw-2026'],
  ['createBotPassword.php', '--appid', APPLICATION]
    .concat('--grants', 'basic,editpage,createeditmovepage,highvolume')
    .concat(ACCOUNT, accounts.bot.password),
] as const;

/**
 * A freshly installed wiki: its database as SQL (`wiki.sql`) and its texts in the form that app servers read
 * (`localisation/`). Made once for each version of MediaWiki; `withDatabase` lends an empty database for that.
 */
export async function wikiTemplate(
  tree: MediaWikiTree,
  withDatabase: <T>(use: (database: WikiDatabase) => Promise<T>) => Promise<T>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([tree.version, STEPS]));
  hash.update(await readFile(settingsFile()));
  const folder = path.join(labCache(), `wiki-template-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  await mkdir(labCache(), { recursive: true });
  const work = await mkdtemp(path.join(labCache(), '.wiki-template-'));
  try {
    await withDatabase((database) => make(tree, database, work));
    // In one go, so that a folder of that name is always complete. Another lab may have been faster: the same.
    await rename(work, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** Fills an empty database from the template. */
export async function loadTemplate(template: string, database: WikiDatabase): Promise<void> {
  await runProgram({ ...databaseClient('mariadb', database), stdin: path.join(template, 'wiki.sql') });
}

async function make(tree: MediaWikiTree, database: WikiDatabase, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'localisation'));
  const passwords = path.join(folder, 'password');
  await writeFile(passwords, database.password, { mode: 0o600 });
  const install = ['--dbtype=mysql', `--dbserver=${database.address}`, `--dbname=${database.name}`]
    .concat(`--dbuser=${database.user}`, `--dbpassfile=${passwords}`, '--server=http://127.0.0.1')
    .concat('--scriptpath=', '--lang=en', `--pass=${accounts.admin.password}`, `--confpath=${folder}`)
    .concat('Lab Wiki', accounts.admin.user);
  await runProgram(maintenance(tree, ['install.php', ...install], { MW_CONFIG_FILE: '' }));
  const options = {
    store: null,
    secret: randomBytes(32).toString('hex'),
    template: folder,
    sessions: null,
    datacenters: { here: { database: database.address, memcached: null } },
    database: { name: database.name, user: database.user, password: database.password },
  };
  const file = path.join(folder, 'wiki.json');
  await writeFile(file, JSON.stringify(options), { mode: 0o600 });
  const env = { MW_CONFIG_FILE: settingsFile(), LAB_WIKI: file, LAB_WIKI_DATACENTER: 'here' };
  for (const step of STEPS)
    await runProgram(maintenance(tree, step, { ...env, LAB_WIKI_URL: 'http://127.0.0.1' }));
  const dump = await runProgram(databaseClient('mariadb-dump', database, ['--hex-blob']));
  await writeFile(path.join(folder, 'wiki.sql'), dump);
  await Promise.all(
    ['password', 'wiki.json', 'LocalSettings.php'].map((name) => rm(path.join(folder, name))),
  );
}
