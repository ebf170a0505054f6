import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { breaches } from './architecture.js';
import { longestFile } from './rules.js';

const projectRoot = path.resolve(import.meta.dirname, '../..');

test('the project keeps to its own rules', () => {
  expect(breaches(projectRoot)).toEqual([]);
});

describe('on a small tree', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'switchdc-architecture-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  /** The breaches of a tree of these files; a file that is only imported need not exist. */
  function breachesOf(files: Record<string, string>): string[] {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    return breaches(root);
  }

  test('an empty tree breaks nothing', () => {
    expect(breachesOf({})).toEqual([]);
  });

  test('a tree that keeps to the rules breaks nothing', () => {
    const files = {
      'src/domain/clock.ts': 'export const zero = 0;',
      'src/storage/open.ts': "import Database from 'better-sqlite3'; import 'node:fs'; export { Database };",
      'src/state/store.ts': "import { z } from 'zod'; import '../domain/clock.js'; export { z };",
      'src/state/sqlite/sqlite-store.ts': "import '../store.js'; import '../../storage/open.js';",
      'src/state/simulated/simulated-store.ts': "import '../../simulation/world.js';",
      'src/simulation/world.ts': "import '../state/store.js';",
      'src/runner/runner.ts': "import '../access/tally.js'; import { createHash } from 'node:crypto';",
      'src/access/tally.ts': '',
      'src/announcements/due.ts': "import '../chat/platform.js';",
      'src/chat/platform.ts': '',
      'src/chat/terminal/screen.ts': "import 'node:readline/promises';",
      'src/compose/parts.ts': "import '../state/sqlite/sqlite-store.js';",
      'src/main.ts': "import './compose/parts.js'; import '../commands/index.js';",
      'commands/index.ts': "import { start } from './start.js'; export { start };",
      'commands/start.ts': "import '../src/runner/runner.js'; export const start = 1;",
      'runbooks/mediawiki/03-set-db-read-only.ts': "import '../../src/state/store.js';",
    };
    expect(breachesOf(files)).toEqual([]);
  });

  describe('folders', () => {
    const cases: [what: string, file: string, target: string, because: string][] = [
      [
        'the domain imports nothing',
        'src/domain/a.ts',
        'src/state/store.ts',
        'src/domain may import nothing',
      ],
      [
        'a port knows the domain only',
        'src/dns/dns.ts',
        'src/hosts/hosts.ts',
        'src/dns may import src/domain',
      ],
      [
        'the runbook model does not know the runner',
        'src/runbook/task.ts',
        'src/runner/runner.ts',
        'src/runbook may',
      ],
      [
        'a runbook does not know the runner',
        'runbooks/mediawiki/a.ts',
        'src/runner/runner.ts',
        'runbooks may',
      ],
      ['the runner does not know chat', 'src/runner/runner.ts', 'src/chat/router.ts', 'src/runner may'],
      [
        'announcements see the port of chat only',
        'src/announcements/a.ts',
        'src/chat/router.ts',
        'src/announcements',
      ],
      ['a command does not open the database', 'commands/start.ts', 'src/storage/open.ts', 'commands may'],
      ['nobody imports the composition root', 'src/service/socket.ts', 'src/main.ts', 'src/service may'],
      [
        'a core file imports no adapter',
        'src/runner/runner.ts',
        'src/state/etcd/store.ts',
        'only src/main.ts',
      ],
      [
        'a port imports no adapter of its own',
        'src/state/store.ts',
        'src/state/etcd/store.ts',
        'only src/main.ts',
      ],
      ['a command imports no adapter', 'commands/start.ts', 'src/chat/irc/line.ts', 'only src/main.ts'],
      ['an adapter imports no other one', 'src/state/etcd/a.ts', 'src/hosts/ssh/b.ts', 'an adapter may not'],
      ['nor one of its own port', 'src/chat/irc/a.ts', 'src/chat/slack/b.ts', 'an adapter may not'],
      [
        'an adapter knows one port',
        'src/hosts/ssh/a.ts',
        'src/state/store.ts',
        'src/hosts/ssh may import src/domain',
      ],
      [
        'only sqlite adapters import storage',
        'src/state/etcd/a.ts',
        'src/storage/open.ts',
        'src/state/etcd may',
      ],
      [
        'only simulated ones the simulation',
        'src/dns/resolver/a.ts',
        'src/simulation/w.ts',
        'src/dns/resolver may',
      ],
      ['nothing imports the tests', 'src/main.ts', 'test/support/a.ts', 'it is outside of src, commands'],
    ];
    test.each(cases)('%s', (_what, file, target, because) => {
      const specifier = path.posix.relative(path.posix.dirname(file), target).replace(/\.ts$/, '.js');
      const relative = specifier.startsWith('.') ? specifier : `./${specifier}`;
      expect(breachesOf({ [file]: `import '${relative}';` })).toEqual([
        expect.stringContaining(`${file} may not import ${target}: ${because}`),
      ]);
    });

    test('a folder without a row is refused', () => {
      expect(breachesOf({ 'src/novelty/a.ts': '', 'src/loose.ts': '' })).toEqual([
        expect.stringContaining('src/loose.ts has no row'),
        expect.stringContaining('src/novelty has no row'),
      ]);
    });

    test.each([
      ["import type { A } from '../runner/a.js';"],
      ["export * from '../runner/a.js';"],
      ["export type { A } from '../runner/a.js';"],
      ["const a = await import('../runner/a.js');"],
      ["type A = import('../runner/a.js').A;"],
      ["import a = require('../runner/a.js');"],
    ])('an import in every spelling counts: %s', (text) => {
      expect(breachesOf({ 'src/domain/a.ts': text })).toHaveLength(1);
    });

    test('an import in a comment or a string is none', () => {
      const text = "// import '../runner/a.js';\nexport const a = \"import '../runner/a.js'\";";
      expect(breachesOf({ 'src/domain/a.ts': text })).toEqual([]);
    });
  });

  test('an import cycle is shown whole, once', () => {
    const files = {
      'src/calendar/a.ts': "import './b.js';",
      'src/calendar/b.ts': "import type { C } from './c.js';",
      'src/calendar/c.ts': "export * from './a.js';",
      'src/calendar/d.ts': "import './a.js';",
    };
    expect(breachesOf(files)).toEqual([
      'import cycle: src/calendar/a.ts → src/calendar/b.ts → src/calendar/c.ts → src/calendar/a.ts',
    ]);
  });

  describe('libraries', () => {
    test.each([
      ['src/runner/a.ts', 'better-sqlite3'],
      ['src/state/sqlite/a.ts', 'better-sqlite3'],
      ['schedules/a.ts', 'node-cron'],
      ['src/calendar/a.ts', 'yaml'],
      ['src/domain/a.ts', 'luxon'],
      ['src/domain/a.ts', 'zod/v4'],
      ['src/domain/a.ts', 'node:crypto'],
      ['src/runner/a.ts', 'node:fs'],
      ['src/runner/a.ts', 'fs/promises'],
      ['src/chat/slack/a.ts', 'node:net'],
      ['commands/a.ts', 'node:child_process'],
      ['src/chat/a.ts', 'node:readline'],
      ['src/compose/a.ts', 'node:tls'],
      ['src/runner/a.ts', 'left-pad'],
      ['src/main.ts', '@swc/core'],
    ])('%s may not import %s', (file, module) => {
      expect(breachesOf({ [file]: `import '${module}';` })).toEqual([
        expect.stringContaining(`${file} may not import ${module}: `),
      ]);
    });
  });

  describe('names and shapes', () => {
    test.each([
      ['src/runner/runLoop.ts', '"runLoop" is not kebab-case'],
      ['src/runner/run_loop.ts', '"run_loop" is not kebab-case'],
      ['runbooks/mediaWiki/03-set-db-read-only.ts', '"mediaWiki" is not kebab-case'],
      ['src/runner/helpers.ts', '"helpers" says nothing as a name'],
      ['src/runner/date-utils.ts', '"utils" says nothing as a name'],
      ['src/runner/misc/loop.ts', '"misc" says nothing as a name'],
      ['src/databases/set-master.ts', 'the project does not say "master"'],
    ])('%s is refused', (file, because) => {
      expect(breachesOf({ [file]: '' })).toEqual([expect.stringContaining(because)]);
    });

    test('a file is as long as it may be, and no longer', () => {
      const files = {
        'src/domain/long.ts': '//\n'.repeat(longestFile),
        'src/domain/too-long.ts': '//\n'.repeat(longestFile + 1),
      };
      expect(breachesOf(files)).toEqual([
        `src/domain/too-long.ts: ${longestFile + 1} lines, more than ${longestFile}`,
      ]);
    });

    test('a module keeps no state in variables', () => {
      const text =
        'const a = 1;\nlet b = a;\nexport let c = b;\nvar d = 2;\nexport function f() { let e = 1; e += 1; }';
      expect(breachesOf({ 'src/domain/a.ts': text })).toEqual(
        [2, 3, 4].map((line) => `src/domain/a.ts:${line}: a variable of a module must be a const`),
      );
    });
  });

  describe('words', () => {
    test.each([
      ['const newMaster = 1;', 'Master'],
      ['// asks the slave', 'slave'],
      ['// two Shards', 'Shards'],
      ['export const text = `the ${1} master of s1`;', 'master'],
      ['interface Row { masterHost: string }', 'master'],
      ['const MASTER = 1;', 'MASTER'],
      ['const SLAVE_COUNT = 1;', 'SLAVE'],
    ])('%s is refused', (text, word) => {
      expect(breachesOf({ 'src/databases/a.ts': text })).toEqual([
        `src/databases/a.ts:1: the project does not say "${word}"`,
      ]);
    });

    test.each([
      ["const sql = 'SHOW SLAVE STATUS';"],
      ["const sql = 'SELECT MASTER_GTID_WAIT(?, ?)';"],
      ['interface Row { Seconds_Behind_Master: number | null }'],
      ["const key = 'WMFMasterDatacenter';"],
      ['// https://wikitech.wikimedia.org/wiki/Depooling_a_master#slave'],
      ['// mastery of remastered postmasters'],
    ])('%s is fine', (text) => {
      expect(breachesOf({ 'src/databases/a.ts': text })).toEqual([]);
    });
  });
});
