import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mayMount, switchdcOnReadOnly } from '../support/read-only-mount.js';
import { RunningService } from '../support/running-service.js';
import { type Ended, switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What takes the data directory for itself. */
const WRITERS = [['serve'], ['log', 'hello'], ['start', '--dry-run'], ['start', '--task', 'T12345']];

/** Every file below a folder with its content and when it was changed. */
function everythingIn(folder: string): readonly (readonly [string, number, string])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const entry = statSync(join(folder, name));
      return [name, entry.mtimeMs, entry.isFile() ? readFileSync(join(folder, name), 'base64') : ''];
    });
}

/** One line on stderr says that the directory cannot be used, and why; nothing else is said. */
function expectRefused({ code, stdout, stderr }: Ended, because: string): void {
  expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
  expect(stderr).toMatch(/^switchdc: the data directory \S+ cannot be used: [^\n]+\n$/);
  expect(stderr).toContain(because);
}

const withMounts = mayMount() ? describe : describe.skip;

withMounts('a data directory on a read-only file system (skipped where nobody may mount)', () => {
  test.each(WRITERS)('that is not there yet: `%s` says so and makes nothing', async (...words) => {
    using folder = temporaryFolder();
    const ended = await switchdcOnReadOnly(folder.path, [...words, '--data', folder.file('data')]);
    expectRefused(ended, 'EROFS: read-only file system');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.each(WRITERS)('that is there: `%s` says so and changes nothing', async (...words) => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await switchdc(['log', 'from before', '--data', data]);
    const before = everythingIn(folder.path);
    expectRefused(
      await switchdcOnReadOnly(folder.path, [...words, '--data', data]),
      'EROFS: read-only file system',
    );
    expect(everythingIn(folder.path)).toEqual(before);
  });

  test('can be read: what was logged, and what is going on', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await switchdc(['log', 'from before', '--data', data]);
    const sal = await switchdcOnReadOnly(folder.path, ['sal', '--data', data]);
    expect(sal).toMatchObject({ code: 0, stderr: '' });
    expect(sal.stdout).toContain('from before');
    const status = await switchdcOnReadOnly(folder.path, ['status', '--data', data]);
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toContain('No run is going on');
  });

  test('can be read as well where a service was killed there', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    {
      await using service = await RunningService.start(data);
      await service.ask('log the last words', /Logged the message/);
      await service.kill('SIGKILL');
    }
    expect(readdirSync(data)).toContain('switchdc.db-wal');
    const before = everythingIn(folder.path);
    const sal = await switchdcOnReadOnly(folder.path, ['sal', '--data', data]);
    expect(sal).toMatchObject({ code: 0, stderr: '' });
    expect(sal.stdout).toContain('the last words');
    expect(everythingIn(folder.path)).toEqual(before);
  });
});

test.each(WRITERS)('a data directory that not even root can make: `%s` says so', async (...words) => {
  expectRefused(await switchdc([...words, '--data', '/proc/switchdc/data']), 'ENOENT');
});
