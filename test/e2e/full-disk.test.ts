import { expect, test } from '@jest/globals';
import { exampleConfiguration } from '../support/example-configuration.js';
import { helpAlong } from '../support/help-along.js';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What a run may still write before the disk is full, in KiB: the request fits, the whole run does not. */
const LARGEST_FILE = 200;

test('a disk that becomes full stops a run before its next step and says so; with space again it goes on', async () => {
  using folder = temporaryFolder();
  const data = folder.file('data');
  const config = exampleConfiguration(folder.file('switchdc.yaml'), {
    'configCacheLifetime: 10 s': 'configCacheLifetime: 1 s',
    'speed: 30': 'speed: 240',
  });
  const where = ['--data', data, '--config', config];
  await switchdc(['log', 'the files are there', '--as', 'alice', ...where]);
  {
    await using service = await RunningService.start(data, { config, largestFile: LARGEST_FILE });
    service.say('/as alice', 'start --task T12345 --emergency');
    await service.until(/Run 1 mediawiki/);
    service.say('/as bob', 'approve 1');
    await service.until(/run 1 cannot go on: the journal cannot be written/);
    const answer = await service.ask('log is there space?', /Nothing was done; the same may be tried again/);
    expect(answer).toContain('the log cannot be used');
    const { code, stderr } = await service.end();
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/^ {4}at /m);
  }
  const { stdout } = await switchdc(['report', '1', '--json', ...where]);
  expect(JSON.parse(stdout)).toMatchObject({ run: 1, readOnlySeconds: null });

  await using service = await RunningService.start(data, { config });
  service.say('/as bob', 'approve 1', '/as alice');
  expect(await helpAlong(service, /Run 1: (PASS|FAIL|ABORTED)/)).toContain('Run 1: PASS');
}, 300_000);
