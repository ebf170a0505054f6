/**
 * `npm test`: everything that must hold before a change is good. Arguments go to jest (`npm test -- test/calendar`).
 *
 * In order: what the machine needs, types and build, eslint, prettier, jest; the whole switchovers on the lab at last, one
 * file at a time, because they want the machine for themselves. A stage that fails does not stop the later ones, so one
 * run shows everything. Each failed stage before jest counts as one failure; the last line is
 * always `N passed, N failed`, and the exit code is 0 only when nothing failed.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const packageFile = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** How long jest may live on after its last test: a test that leaves something open must not hang the run. */
const LINGER_MS = 20_000;

/** Runs a command; resolves to its exit code and, unless `show` sends it straight to the terminal, its output. */
function run(command, args, { show = false, env = {}, started } = {}) {
  return new Promise((resolve) => {
    const stdio = show ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
    started?.(child);
  });
}

const runScript = (name, ...args) => run('npm', ['run', '--silent', name, '--', ...args]);

/** What has to be on the machine: the version of Node, a working SQLite, the Debian packages of the lab. */
async function checkNeeds() {
  const problems = [];

  const [wantMajor, wantMinor = 0] = packageFile.engines.node.replace('>=', '').split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < wantMajor || (major === wantMajor && minor < wantMinor)) {
    problems.push(
      `Node ${process.versions.node} is too old: package.json asks for ${packageFile.engines.node}.`,
    );
  }

  // In a process of its own: a build for another version of Node can crash instead of throwing.
  const openSqlite = "const D = require('better-sqlite3'); new D(':memory:').prepare('SELECT 1').get();";
  const sqlite = await run(process.execPath, ['--eval', openSqlite]);
  if (!sqlite.ok) {
    const cause = sqlite.output.split('\n').find((line) => line.includes('Error')) ?? 'the process died';
    problems.push(
      `better-sqlite3 does not open a database (${cause.trim()}). Try: npm rebuild better-sqlite3`,
    );
  }

  for (const { name, proof } of debianPackages()) {
    const what = proof === '@unpacked' ? 'what is unpacked from it' : proof;
    if (!(await isThere(name, proof)))
      problems.push(`${what} is missing (Debian package ${name}). Run: lab/install`);
  }
  return { ok: problems.length === 0, output: problems.map((problem) => `${problem}\n`).join('') };
}

/** The lines `package: proof` of lab/packages.txt. */
function debianPackages() {
  const list = path.join(root, 'lab', 'packages.txt');
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name, proof = name] = line.split(':').map((part) => part.trim());
      return { name, proof };
    });
}

/** A proof is a command that exists, a command with arguments that succeeds, or `@unpacked` (into the cache). */
async function isThere(name, proof) {
  if (proof === '@unpacked') return isUnpacked(name.split(' ')[0]);
  const [command, ...args] = proof.split(/\s+/);
  return isInstalled(command) && (args.length === 0 || (await run(command, args)).ok);
}

/** Where lab/install unpacks a package: a folder of its name and version. */
function isUnpacked(name) {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'switchdc-lab');
  const isVersion = (folder) => folder.startsWith(`${name}-`) && /^\d/.test(folder.slice(name.length + 1));
  return existsSync(cache) && readdirSync(cache).some(isVersion);
}

function isInstalled(command) {
  // Daemons are in the sbin folders, which are not on everybody's PATH.
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function checkTypesAndBuild() {
  const types = await runScript('typecheck', '--pretty');
  if (!types.ok) return types;
  return runScript('build');
}

/** Jest's own output goes to the terminal; its counts come back through a file (tooling/count-reporter.mjs). */
async function runJest(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchdc-test-'));
  const file = path.join(folder, 'counts.json');
  let watch;
  let lingered = false;
  // The words of the script itself, without npm and a shell in between: a signal has to reach jest.
  const [, ...words] = packageFile.scripts['test:jest'].split(' ');
  const jest = await run(process.execPath, [...words, ...args], {
    show: true,
    env: { TEST_COUNTS_FILE: file },
    started(child) {
      let doneAt;
      watch = setInterval(() => {
        if (doneAt === undefined && existsSync(file)) doneAt = Date.now();
        if (doneAt !== undefined && Date.now() - doneAt > LINGER_MS) {
          lingered = true;
          child.kill('SIGTERM');
          clearInterval(watch);
        }
      }, 250);
    },
  });
  clearInterval(watch);
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0 };
  rmSync(folder, { recursive: true });
  if (lingered) {
    console.log(
      'A test left something open (a timer, a socket, a process), so jest did not end by itself.\n' +
        'Find it with: npm run test:jest -- --runInBand --detectOpenHandles',
    );
  }
  // Jest can fail without a failed test: no test found, a broken configuration, something left open.
  return { passed: counts.passed, failed: counts.failed === 0 && !jest.ok ? 1 : counts.failed };
}

/** Runs a stage and measures it; a stage that throws is a failed stage. */
async function timed(stage) {
  const started = Date.now();
  const result = await stage().catch((error) => ({ ok: false, output: String(error?.stack ?? error) }));
  return { ...result, seconds: (Date.now() - started) / 1000 };
}

/** Prints how a stage ended, with its output when it failed; returns 1 for a failed stage, 0 for a good one. */
function report(name, { ok, output, seconds }) {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) console.log(output.trimEnd());
  return ok ? 0 : 1;
}

let failedStages = report('needs', await timed(checkNeeds));
// Side by side: they read the same sources and none of them changes what another one reads.
const stages = [
  ['types and build', timed(checkTypesAndBuild)],
  ['eslint', timed(() => runScript('lint'))],
  ['prettier', timed(() => runScript('format:check'))],
];
for (const [name, stage] of stages) failedStages += report(name, await stage);

/** Where whole switchovers on the lab are. */
const LAB_RUNS = ['test/lab/runs', 'test/lab/faults'];
const asked = process.argv.slice(2);
const jestRuns =
  asked.length > 0
    ? [asked]
    : [
        ['--testPathIgnorePatterns', ...LAB_RUNS],
        ['--runInBand', ...LAB_RUNS],
      ];
let passed = 0;
let failed = failedStages;
for (const args of jestRuns) {
  const tests = await runJest(args);
  passed += tests.passed;
  failed += tests.failed;
}
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
