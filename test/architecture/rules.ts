/**
 * Who may import whom, and what no file may look like: data only. `architecture.ts` reads the tree and compares it
 * with this; `imports.test.ts` fails on the first difference. A new folder or library needs a row here.
 */

/** The folders with product code. Nothing in them may import from outside of them, libraries apart. */
export const roots = ['src', 'commands', 'schedules', 'runbooks'] as const;

/** Only these may import adapters: here the parts are put together. They may import everything. */
export const compositionRoots = ['src/main.ts', 'src/cli.ts', 'src/demo.ts', 'src/compose'] as const;

/** A folder of this name below `src/<port>/` is an adapter: it speaks to one external system. */
export const adapterNames = [
  'irc',
  'slack',
  'terminal',
  'etcd',
  'sqlite',
  'ssh',
  'simulated',
  'mariadb',
  'resolver',
  'http',
] as const;

/** Besides its own port folder every adapter may import these … */
export const everyAdapterMayImport = ['src/domain'] as const;

/** … and adapters of these names also what they stand on. */
export const adapterMayImport: Readonly<Record<string, readonly string[]>> = {
  sqlite: ['src/storage'],
  simulated: ['src/simulation'],
  irc: ['src/access'],
  slack: ['src/access', 'src/storage'],
};

const ports = [
  'src/state',
  'src/databases',
  'src/dns',
  'src/hosts',
  'src/mediawiki',
  'src/downtimes',
  'src/tracker',
  'src/statuspage',
  'src/mail',
];

const portRows = Object.fromEntries(ports.map((port) => [port, ['src/domain']]));

/** What the announcer sees of chat: where to send, and what a message is made of. */
const chatPort = ['src/chat/platform.ts', 'src/chat/message.ts'];

const toModel = ['src/domain', ...ports, 'src/runbook'];
const toRunner = [...toModel, 'src/access', 'src/runner'];
const core = [...toRunner, 'src/calendar', 'src/announcements', 'src/chat', 'src/sal'];

/**
 * Folder → folders (or single files) that its files may import, besides their own folder. Adapters below a folder are
 * never meant: they have rules of their own, above.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/logging': ['src/domain'],
  'src/storage': ['src/domain'],
  'src/simulation': ['src/domain', 'src/storage', ...ports],
  'src/calendar': ['src/domain'],
  'src/announcements': ['src/domain', 'src/calendar', 'src/logging', ...chatPort],
  ...portRows,
  'src/runbook': ['src/domain', ...ports],
  'src/access': toModel,
  'src/runner': [...toModel, 'src/access', 'src/logging'],
  'src/sal': [...toRunner, 'src/logging'],
  'src/chat': [...toRunner, 'src/logging'],
  'src/clockwork': ['src/domain', 'src/calendar', 'src/logging'],
  'src/config': core,
  'src/service': [...core, 'src/config', 'src/logging', 'src/storage/hold-exclusively.ts'],
  'src/web': [...core, 'src/logging'],
  runbooks: toModel,
  commands: core,
  schedules: [...core, 'src/clockwork'],
};

export interface LibraryRow {
  /** Package names, or names of Node's own modules without `node:`; `fs` stands for `fs/promises` too. */
  readonly modules: readonly string[];
  /** The only folders and files that may import them … */
  readonly onlyIn?: readonly string[];
  /** … or the only ones that may not. */
  readonly notIn?: readonly string[];
}

/** Who may import which library. One that opens a socket, a file or a process belongs to few folders. */
export const libraries: readonly LibraryRow[] = [
  { modules: ['better-sqlite3'], onlyIn: ['src/storage'] },
  { modules: ['node-cron'], onlyIn: ['src/clockwork'] },
  { modules: ['yaml'], onlyIn: ['src/config'] },
  { modules: ['etcd3'], onlyIn: ['src/state/etcd'] },
  { modules: ['ssh2'], onlyIn: ['src/hosts/ssh'] },
  { modules: ['mariadb'], onlyIn: ['src/databases/mariadb'] },
  { modules: ['dns-packet'], onlyIn: ['src/dns/resolver'] },
  { modules: ['irc-framework'], onlyIn: ['src/chat/irc'] },
  { modules: ['@slack/bolt', '@slack/socket-mode', '@slack/web-api', 'undici'], onlyIn: ['src/chat/slack'] },
  { modules: ['luxon', 'zod'], notIn: ['src/domain'] },
  {
    modules: [
      'child_process',
      'cluster',
      'dgram',
      'dns',
      'fs',
      'http',
      'http2',
      'https',
      'inspector',
      'net',
      'readline',
      'repl',
      'sqlite',
      'tls',
      'worker_threads',
    ],
    onlyIn: [
      'src/storage',
      'src/config',
      'src/service',
      'src/chat/terminal',
      'src/chat/irc',
      'src/state/etcd',
      'src/hosts/ssh',
      'src/databases/mariadb',
      'src/dns/resolver',
      'src/mediawiki/http',
      // Only to tell what an address is: nothing is opened.
      'src/access/loopback.ts',
      'src/main.ts',
      'src/cli.ts',
      'src/demo.ts',
    ],
  },
];

/** Types and pure functions only: no library, not even a module of Node's own. */
export const withoutLibraries = ['src/domain'] as const;

export const longestFile = 400;

/** A file or folder called like this says nothing about what is in it. */
export const bannedFileWords = /^(utils?|helpers?|commons?|misc|managers?|info|stuff)$/;

/**
 * Words that this project does not use for its own things: it says primary, replica, section. Exempt are SQL (told by
 * its capitals: `SHOW SLAVE STATUS`), the database server's own names (told by an underscore: `Seconds_Behind_Master`),
 * addresses of web pages, and these names of other people's keys.
 */
export const bannedWords = /^(master|slave|shard)(s|ed|ing)?$/i;
export const foreignNames = ['WMFMasterDatacenter', 'wmfMasterDatacenter'] as const;

/** Log lines that are prescribed word by word by the field's runbooks. */
export const prescribedLines = ['Phase 9.5 Update DNS records for new database masters'] as const;
