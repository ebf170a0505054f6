import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabGround } from '../lab-ground.js';
import type { ServerProcess } from '../server-process.js';
import type { MediaWikiTree } from './mediawiki-tree.js';
import { settingsFile } from './settings-file.js';

/** One of the wiki's app servers: a process with a configuration cache of its own. */
export interface LabAppServer {
  readonly name: string;
  readonly datacenter: string;
  readonly host: string;
  readonly port: number;
  /** Where people and programs reach it, `http://host:port`. */
  readonly url: string;
  readonly process: ServerProcess;
  /** It goes on serving and never follows the state store again, until it is mended. */
  cutOff(): void;
  mend(): void;
}

export interface AppServerSpec {
  readonly name: string;
  readonly datacenter: string;
  readonly host: string;
  readonly port: number;
  readonly tree: MediaWikiTree;
  /** What the lab decided, for settings.php. */
  readonly options: string;
  /** When its configuration cache ends: 0.25 is a quarter of a lifetime after the server with 0. */
  readonly turn: number;
  /** Where PHP keeps what it has compiled, for the next start. */
  readonly compiled: string;
}

/** The process that starts them serves requests as well, so an app server serves one more at once. */
const WORKERS = 2;

/** An app server that is not started yet. */
export function appServer(ground: LabGround, spec: AppServerSpec): LabAppServer {
  const { name, datacenter, host, port, tree } = spec;
  const url = `http://${host}:${port}`;
  const cut = path.join(ground.folder, `${name}.cut`);
  const settings = {
    'opcache.enable_cli': '1',
    'opcache.file_cache': spec.compiled,
    'apc.shm_size': '32M',
    memory_limit: '256M',
    // An editor who goes away does not end a request half way.
    ignore_user_abort: '1',
  };
  const process = ground.server({
    name: `app server ${name}`,
    command: 'php',
    args: [
      ...Object.entries(settings).flatMap(([key, value]) => ['-d', `${key}=${value}`]),
      ...['-S', `${host}:${port}`, '-t', tree.folder],
    ],
    env: {
      MW_CONFIG_FILE: settingsFile(),
      LAB_WIKI: spec.options,
      LAB_WIKI_DATACENTER: datacenter,
      LAB_WIKI_URL: url,
      LAB_WIKI_TURN: String(spec.turn),
      LAB_WIKI_CUT: cut,
      PHP_CLI_SERVER_WORKERS: String(WORKERS),
    },
    cwd: tree.folder,
    log: path.join(ground.folder, `${name}.log`),
    ready: () => answers(url),
  });
  return {
    name,
    datacenter,
    host,
    port,
    url,
    process,
    cutOff: () => writeFileSync(cut, ''),
    mend: () => rmSync(cut, { force: true }),
  };
}

async function answers(url: string): Promise<boolean> {
  const question = `${url}/api.php?action=query&meta=siteinfo&format=json`;
  const response = await fetch(question, { signal: AbortSignal.timeout(10_000) });
  await response.arrayBuffer();
  return response.ok;
}
