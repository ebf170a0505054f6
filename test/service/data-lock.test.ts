import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { acquireDataLock, type DataLock, explainHolder, type Holder } from '../../src/service/data-lock.js';
import { DataDirectoryUnusable } from '../../src/service/errors.js';
import { instant, parseInstant } from '../../src/domain/instant.js';
import { type CompiledCopy, compiledCopy } from '../support/compiled-copy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const holder: Holder = {
  pid: 4711,
  what: 'the service',
  since: parseInstant('2026-03-25T14:00:00Z') ?? instant(0),
};

function taken(directory: string): DataLock {
  const result = acquireDataLock(directory, holder);
  if (!result.ok) throw new Error('the lock is held already');
  return result.lock;
}

test('the second one is told who holds it', () => {
  using folder = temporaryFolder();
  using _lock = taken(folder.path);
  const second = acquireDataLock(folder.path, { ...holder, pid: 1 });
  expect(second).toEqual({ ok: false, heldBy: holder });
  expect(!second.ok && explainHolder(second.heldBy)).toBe(
    'process 4711 (the service) holds it since 2026-03-25T14:00:00Z',
  );
});

test('once it is let go, somebody else can have it, and no trace of the holder is left', () => {
  using folder = temporaryFolder();
  const lock = taken(folder.path);
  lock[Symbol.dispose]();
  lock[Symbol.dispose]();
  expect(existsSync(folder.file('lock.json'))).toBe(false);
  taken(folder.path)[Symbol.dispose]();
});

test('a data directory that is not there is made, for its owner alone', () => {
  using folder = temporaryFolder();
  using _lock = taken(folder.file('a/b'));
  expect(statSync(folder.file('a/b')).mode & 0o777).toBe(0o700);
});

test('two directories are two locks', () => {
  using folder = temporaryFolder();
  using _one = taken(folder.file('one'));
  using _other = taken(folder.file('other'));
});

describe('what is said of the holder', () => {
  test.each([
    ['nothing', undefined],
    ['nonsense', '{"pid":"x"}'],
    ['half of it', '{"pid":47'],
  ])('%s: the lock is held all the same', (_what, text) => {
    using folder = temporaryFolder();
    using _lock = taken(folder.path);
    if (text === undefined) rmSync(folder.file('lock.json'));
    else writeFileSync(folder.file('lock.json'), text);
    const second = acquireDataLock(folder.path, holder);
    expect(second).toEqual({ ok: false, heldBy: undefined });
    expect(explainHolder(undefined)).toBe('another process holds it');
  });

  test('cannot steer a terminal', () => {
    expect(explainHolder({ ...holder, what: 'x\u001b[2J\n' })).toBe(
      'process 4711 (x [2J) holds it since 2026-03-25T14:00:00Z',
    );
  });
});

describe('a directory that cannot be used', () => {
  test('a file in its place', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('data'), '');
    expect(() => acquireDataLock(folder.file('data'), holder)).toThrow(DataDirectoryUnusable);
  });

  test('on a file system that refuses new directories is refused, and does not hang', () => {
    expect(() => acquireDataLock('/proc/switchdc/data', holder)).toThrow(DataDirectoryUnusable);
  });

  test('a lock file that is no database', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('lock.db'), 'x'.repeat(5_000));
    expect(() => acquireDataLock(folder.path, holder)).toThrow(DataDirectoryUnusable);
  });

  test('a lock file that is a directory', () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('lock.db'));
    expect(() => acquireDataLock(folder.path, holder)).toThrow(DataDirectoryUnusable);
  });
});

describe('in another process', () => {
  let copy: CompiledCopy;
  beforeAll(() => {
    copy = compiledCopy();
  });
  afterAll(() => copy[Symbol.dispose]());

  const holding = `
    import { acquireDataLock } from './src/service/data-lock.js';
    const result = acquireDataLock(process.argv[2], { pid: process.pid, what: 'a child', since: 0 });
    process.stdout.write(result.ok ? 'taken' : 'held');
    globalThis.kept = result;
    process.stdin.resume();
  `;

  test('the lock is held while that lives, and free once it is killed', async () => {
    using folder = temporaryFolder();
    const child = copy.start(holding, [folder.path]);
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('taken');

    expect(acquireDataLock(folder.path, holder)).toMatchObject({
      ok: false,
      heldBy: { pid: child.pid, what: 'a child' },
    });
    child.kill('SIGKILL');
    await once(child, 'close');
    using lock = taken(folder.path);
    expect(lock.directory).toBe(folder.path);
  });

  test('it cannot be taken from us', async () => {
    using folder = temporaryFolder();
    using _lock = taken(folder.path);
    const child = copy.start(holding, [folder.path]);
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    child.stdin.end();
    await once(child, 'close');
    expect(said.toString()).toBe('held');
  });
});
