import { transformFileSync } from '@swc/core';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A program of its own process, for what only a real process can show: signals, locks that die, closed pipes. */
export interface CompiledCopy extends Disposable {
  /** Starts a program (a text of an ES module) that imports from `./src/…`. */
  start(program: string, args?: readonly string[]): ChildProcessWithoutNullStreams;
}

/** Compiles these folders as they are now, without checking types, so that no test depends on an earlier build. */
export function compiledCopy(folders: readonly string[] = ['src']): CompiledCopy {
  const copy = mkdtempSync(join(tmpdir(), 'switchdc-compiled-'));
  for (const folder of folders) compileFolder(folder, copy);
  writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  let programs = 0;
  return {
    start(program, args = []) {
      const file = join(copy, `program-${(programs += 1)}.js`);
      writeFileSync(file, program);
      return spawn(process.execPath, [file, ...args]);
    },
    [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }),
  };
}

function compileFolder(folder: string, copy: string): void {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const { code } = transformFileSync(join(root, folder, file), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'es6' },
    });
    const target = join(copy, folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
}
