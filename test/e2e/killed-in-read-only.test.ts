import { expect, test } from '@jest/globals';
import { exampleConfiguration } from '../support/example-configuration.js';
import { helpAlong } from '../support/help-along.js';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('somebody kills the service in the middle of read-only, starts it again, and sees the switchover finish', async () => {
  using folder = temporaryFolder();
  const data = folder.file('data');
  // A short window, and no waiting for the hour: an emergency belongs to no event.
  const config = exampleConfiguration(folder.file('switchdc.yaml'), {
    'configCacheLifetime: 10 s': 'configCacheLifetime: 2 s',
    'speed: 30': 'speed: 240',
  });
  {
    await using service = await RunningService.start(data, { config });
    service.say('/as alice', 'start --task T12345 --emergency', '/as bob', 'approve 1', '/as alice');
    await helpAlong(service, /READ-ONLY starts at/);
    await service.until(/02-set-read-only observed/);
    expect(await service.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
  }
  await using service = await RunningService.start(data, { config });
  service.say('/as alice');
  const heard = await helpAlong(service, /Run 1: (PASS|FAIL|ABORTED)/);
  expect(heard).toContain('READ-ONLY ends at');
  expect(heard).toContain('Run 1: PASS');
  expect(await service.end()).toMatchObject({ code: 0 });

  const found = await switchdc(['sal', '--run', '1', '--limit', '500', '--json', '--data', data]);
  const messages = (JSON.parse(found.stdout) as { message: string }[]).map(({ message }) => message);
  for (const words of [
    /^START - switchdc mediawiki for datacenter switchover/,
    /^START - switchdc mediawiki 02-set-read-only/,
    /^MediaWiki read-only period starts at: /,
    /^END \(PASS\) - switchdc mediawiki 02-set-read-only/,
    /^MediaWiki read-only period ends at: /,
    /^END \(PASS\) - switchdc mediawiki for datacenter switchover/,
  ])
    expect(messages.filter((message) => words.test(message))).toHaveLength(1);
  const report = await switchdc(['report', '1', '--json', '--data', data, '--config', config]);
  expect(JSON.parse(report.stdout)).toMatchObject({ result: 'PASS' });
}, 300_000);
