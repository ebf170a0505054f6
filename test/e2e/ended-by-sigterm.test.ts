import { expect, test } from '@jest/globals';
import { exampleConfiguration } from '../support/example-configuration.js';
import { helpAlong } from '../support/help-along.js';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The first lines of messages: `[14:00:02] #operations <switchdc> …`, without the time. */
const saidIn = (heard: string): string[] =>
  [...heard.matchAll(/^\[[\d:]{8}\] (#\S+ <switchdc> .*)$/gm)].map(([, line]) => line!);

test.each([
  ['before read-only', /01-stop-periodic-jobs observed/],
  ['inside read-only', /02-set-read-only observed/],
])(
  'a service that is ended by SIGTERM %s goes on where it was and tells nothing twice',
  async (_, then) => {
    using folder = temporaryFolder();
    const data = folder.file('data');
    // A short window, and no waiting for the hour: an emergency belongs to no event.
    const config = exampleConfiguration(folder.file('switchdc.yaml'), {
      'configCacheLifetime: 10 s': 'configCacheLifetime: 2 s',
      'speed: 30': 'speed: 240',
    });
    let first: string;
    {
      await using service = await RunningService.start(data, { config });
      service.say('/as alice', 'start --task T12345 --emergency', '/as bob', 'approve 1', '/as alice');
      await helpAlong(service, then);
      const { code, signal, stdout, stderr } = await service.kill('SIGTERM');
      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
      expect(stdout).toMatch(/\n$/);
      expect(stdout).not.toMatch(/Run 1: (PASS|FAIL|ABORTED)/);
      first = stdout;
    }
    await using service = await RunningService.start(data, { config });
    service.say('/as alice');
    const heard = await helpAlong(service, /Run 1: (PASS|FAIL|ABORTED).*\n/);
    expect(heard).toContain('Run 1: PASS');
    const { code, stdout: second, stderr } = await service.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

    const toldBefore = saidIn(first).filter((line) =>
      /READ-ONLY|Datacenter switchover|Your wiki|Start phase 0/.test(line),
    );
    expect(toldBefore.length).toBeGreaterThan(2);
    expect(saidIn(second).filter((line) => toldBefore.includes(line))).toEqual([]);
    for (const words of [/READ-ONLY starts at/g, /READ-ONLY ends at/g])
      expect((first + second).match(words)).toHaveLength(1);

    const found = await switchdc(['sal', '--run', '1', '--limit', '500', '--json', '--data', data]);
    const messages = (JSON.parse(found.stdout) as { message: string }[]).map(({ message }) => message);
    const starts = messages.filter((message) => /^(START|END|MediaWiki read-only period)/.test(message));
    expect(new Set(starts).size).toBe(starts.length);
    expect(
      messages.filter((message) => /^END \(PASS\) - switchdc mediawiki for datacenter/.test(message)),
    ).toHaveLength(1);
  },
  300_000,
);
