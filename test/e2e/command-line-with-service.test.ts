import { describe, expect, test } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('while a service runs', () => {
  test('a command line asks it: what is written there is seen here, and the other way round', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await using service = await RunningService.start(data);
    expect(statSync(folder.file('data/switchdc.sock')).mode & 0o777).toBe(0o600);

    await service.ask('log said at the prompt', /Logged the message/);
    const { stdout } = await switchdc(['sal', 'prompt', '--json', '--data', data]);
    expect(JSON.parse(stdout)).toMatchObject([{ message: 'said at the prompt' }]);

    expect(await switchdc(['log', 'said in a shell', '--data', data])).toMatchObject({ code: 0, stderr: '' });
    expect(await service.ask('sal shell', /said in a shell/)).toBeTruthy();
    expect(await service.end()).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(folder.file('data/switchdc.sock'))).toBe(false);
  });

  test('a request that is made in a shell is approved at the prompt, and by somebody else in a shell', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await using service = await RunningService.start(data);
    const asked = await switchdc(['start', '--task', 'T1', '--json', '--data', data]);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(asked.stdout)).toMatchObject({ run: 1, mode: 'live', approvals: 2 });
    await service.until(/run 1: alice asks for/);

    const own = await switchdc(['approve', '1', '--data', data]);
    expect(own).toMatchObject({ code: 3, stdout: '' });
    expect(own.stderr).toContain('The role approver is needed');
    expect(await switchdc(['approve', '1', '--as', 'bob', '--data', data])).toMatchObject({ code: 0 });
    await service.until(/run 1: GO from bob/);
    service.say('/as carol', 'approve 1');
    await service.until(/run 1: started/);
    const { stdout } = await switchdc(['status', '1', '--json', '--data', data]);
    expect(JSON.parse(stdout)).toMatchObject({ run: 1, stage: 'running' });
  });

  test('a second one is refused and told who holds the directory', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await using service = await RunningService.start(data);
    const { code, stdout, stderr } = await switchdc(['serve', '--data', data]);
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `^switchdc: ${data} is in use: process ${service.child.pid!} \\(the service\\) holds it since \\S+Z\\n$`,
      ),
    );
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it cleanly', async (signal) => {
    using folder = temporaryFolder();
    await using service = await RunningService.start(folder.file('data'));
    expect(await service.kill(signal)).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(existsSync(folder.file('data/switchdc.sock'))).toBe(false);
    expect(existsSync(folder.file('data/lock.json'))).toBe(false);
  });

  test('nobody reading what it says ends it, without a stack trace', async () => {
    using folder = temporaryFolder();
    await using service = await RunningService.start(folder.file('data'));
    service.child.stdout.destroy();
    service.say('status');
    const { code, stderr } = await service.end();
    expect(code).toBe(0);
    expect(stderr).not.toContain('    at ');
  });
});
