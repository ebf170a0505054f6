import { describe, expect, test } from '@jest/globals';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const REHEARSAL = ['--live-test', '--only', '03-set-db-read-only,06-set-db-read-write', '--task', 'T12345'];

describe('a run without a service', () => {
  test('is driven in the foreground, approved from another process, and its result is the exit code', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await using run = RunningService.watch(['start', ...REHEARSAL, '--data', data]);
    await run.until(/run 1: alice asks for/);
    expect(await switchdc(['approve', '1', '--as', 'bob', '--data', data])).toMatchObject({
      code: 0,
      stderr: '',
    });
    const { code, stdout } = await run.end();
    expect(code).toBe(0);
    expect(stdout).toMatch(/\[NON-PRIMARY-DC\] Run 1: PASS/);
    const sal = await switchdc(['sal', '--run', '1', '--limit', '100', '--data', data]);
    expect(sal.stdout).toContain('[NON-PRIMARY-DC] END (PASS) - switchdc mediawiki for');
  });

  test('that is denied waits on hold, and ends 6 once it is withdrawn', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await using run = RunningService.watch(['start', ...REHEARSAL, '--data', data]);
    await run.until(/run 1: alice asks for/);
    await switchdc(['deny', '1', 'not', 'today', '--as', 'bob', '--data', data]);
    await run.until(/on hold/);
    await switchdc(['abort', '1', '--reason', 'next week', '--as', 'alice', '--data', data]);
    expect(await run.end()).toMatchObject({ code: 6, stderr: '' });
  });

  test('a dry run of everything needs nobody, ends 0 and writes nothing into the world', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    const { code, stdout, stderr } = await switchdc(['start', '--dry-run', '--data', data]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Run 1: PASS/);
    const plan = await switchdc(['plan', '--json', '--data', data]);
    const { digest } = (JSON.parse(plan.stdout) as { plan: { digest: string } }).plan;
    const before = await switchdc(['plan', '--json', '--data', folder.file('another')]);
    expect((JSON.parse(before.stdout) as { plan: { digest: string } }).plan.digest).toBe(digest);
  });

  test('that is interrupted is said to be unfinished; `resume` takes it up', async () => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    await using run = RunningService.watch(['start', ...REHEARSAL, '--data', data]);
    await run.until(/run 1: alice asks for/);
    const { code, stderr } = await run.kill('SIGINT');
    expect(code).toBe(75);
    expect(stderr).toContain('The run has not ended: `switchdc resume` goes on with it');

    await using again = RunningService.watch(['resume', '--data', data]);
    await again.until(/Run 1 is taken up again/);
    expect(await switchdc(['why', '--json', '--data', data])).toMatchObject({ code: 0 });
    await switchdc(['approve', '1', '--as', 'bob', '--data', data]);
    expect(await again.end()).toMatchObject({ code: 0 });
  });
});
