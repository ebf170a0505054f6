import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { exampleConfiguration } from '../support/example-configuration.js';
import { helpAlong } from '../support/help-along.js';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What a run may still write before the disk is full, in KiB: the request fits, the whole run does not. */
const LARGEST_FILE = 240;

interface Where {
  readonly data: string;
  readonly config: string;
}

/** A run that is asked for on a disk that cannot hold all of it, up to where it cannot go on. */
async function onAFullDisk(folder: { file(name: string): string }): Promise<[RunningService, Where]> {
  const data = folder.file('data');
  const config = exampleConfiguration(folder.file('switchdc.yaml'), {
    'configCacheLifetime: 10 s': 'configCacheLifetime: 1 s',
    'speed: 30': 'speed: 240',
  });
  await switchdc(['log', 'the files are there', '--as', 'alice', '--data', data, '--config', config]);
  const service = await RunningService.start(data, { config, largestFile: LARGEST_FILE });
  service.say('/as alice', 'start --task T12345 --emergency');
  await service.until(/Run 1 mediawiki/);
  service.say('/as bob', 'approve 1');
  await service.until(/#operations <switchdc> ALARM: Run 1 cannot go on: the journal cannot be written/);
  return [service, { data, config }];
}

test('a disk that becomes full stops a run before its next step and says so; with space again it goes on', async () => {
  using folder = temporaryFolder();
  const [full, { data, config }] = await onAFullDisk(folder);
  {
    await using service = full;
    await service.ask('why 1', /The journal cannot be written \(.*since \d\d:\d\d:\d\d UTC/i);
    const answer = await service.ask('log is there space?', /Nothing was done; the same may be tried again/);
    expect(answer).toContain('the log cannot be used');
    const { code, stderr } = await service.end();
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/^ {4}at /m);
  }
  const { stdout } = await switchdc(['report', '1', '--json', '--data', data, '--config', config]);
  expect(JSON.parse(stdout)).toMatchObject({ run: 1, readOnlySeconds: null });

  await using service = await RunningService.start(data, { config });
  service.say('/as bob', 'approve 1', '/as alice');
  expect(await helpAlong(service, /Run 1: (PASS|FAIL|ABORTED)/)).toContain('Run 1: PASS');
}, 300_000);

test('at the prompt it is said once that a run cannot go on, and once that it goes on again', async () => {
  using folder = temporaryFolder();
  const [full] = await onAFullDisk(folder);
  await using service = full;
  // It is tried again every second of simulated time; each of these is answered after more of it.
  for (let time = 0; time < 3; time += 1) await service.ask('log is there space?', /Nothing was done/);
  execFileSync('prlimit', [`--pid=${service.child.pid ?? 0}`, '--fsize=unlimited']);
  await service.until(/The journal can be written again: run 1 goes on/);
  service.say('/as bob', 'approve 1', '/as alice');
  await helpAlong(service, /Run 1: (PASS|FAIL|ABORTED)/);
  const { stdout } = await service.end();
  expect(stdout.match(/cannot go on: the journal/g)).toHaveLength(1);
  expect(stdout.match(/The journal can be written again/g)).toHaveLength(1);
}, 300_000);
