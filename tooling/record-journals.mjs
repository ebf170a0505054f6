/**
 * Records the journals of whole runs for test/journals/: `node tooling/record-journals.mjs [FOLDER]`. To be done once for
 * each released version, before it is released; what is there is never recorded again, because journals of old versions
 * have to be understood for ever. Time is simulated, so the same sources record the same journals.
 */
import { transformFileSync } from '@swc/core';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '..');
const target = path.resolve(process.argv[2] ?? path.join(root, 'test', 'journals'));
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const compiled = mkdtempSync(path.join(tmpdir(), 'switchdc-journals-'));

/** The sources and what tests need, as plain modules: a build has no tests in it. */
function compile(folder) {
  for (const file of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const { code } = transformFileSync(path.join(root, folder, file), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'es6' },
    });
    const to = path.join(compiled, folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, code);
  }
}

for (const folder of ['src', 'commands', 'runbooks', 'schedules', 'test/support']) compile(folder);
writeFileSync(path.join(compiled, 'package.json'), '{"type":"module"}');
symlinkSync(path.join(root, 'node_modules'), path.join(compiled, 'node_modules'));
try {
  const module = pathToFileURL(path.join(compiled, 'test/support/recorded-runs.js')).href;
  const { recordedRuns } = await import(module);
  mkdirSync(target, { recursive: true });
  for (const [name, record] of Object.entries(recordedRuns)) {
    const lines = (await record()).map((recorded) => JSON.stringify(recorded));
    const file = path.join(target, `${version}-${name}.jsonl`);
    writeFileSync(file, `${lines.join('\n')}\n`, { flag: 'wx' });
    console.log(`${file}: ${lines.length} entries`);
  }
} finally {
  rmSync(compiled, { recursive: true, force: true });
}
