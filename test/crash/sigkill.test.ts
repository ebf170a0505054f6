import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RunState } from '../../src/runner/run-state.js';
import { commandLine, RealService } from '../support/real-service.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** The example, but with caches that live for a second: read-only is in real time. */
function quickConfiguration(): string {
  const example = readFileSync(resolve(import.meta.dirname, '../../switchdc.example.yaml'), 'utf8');
  const changes = [
    ['configCacheLifetime: 10 s', 'configCacheLifetime: 1 s'],
    ['speed: 30\n', 'speed: 1000\n'],
  ] as const;
  return changes.reduce((text, [was, is]) => {
    expect(text).toContain(was);
    return text.replace(was, is);
  }, example);
}

/** When the process is killed, by what the journal says: while it prepares, in read-only, and while it restores. */
const deaths: readonly [when: string, what: (state: RunState) => boolean][] = [
  ['in the preparation', ({ phases }) => phases['0'] !== undefined],
  ['as read-only begins', ({ tasks }) => tasks['02-set-read-only']?.forward.applyStarted !== undefined],
  ['while the databases are locked', ({ phases }) => phases['4'] !== undefined],
  ['after read-only', ({ phases }) => phases['8'] !== undefined],
];

test('a service that is killed again and again with SIGKILL, twice in read-only, brings its run to PASS', async () => {
  using folder = temporaryFolder();
  const config = folder.file('switchdc.yaml');
  writeFileSync(config, quickConfiguration());
  const data = folder.file('data');
  const flags = ['--config', config];
  let service = new RealService(data, flags);
  try {
    service.say('alice', 'start --task T12345 --emergency --merged');
    for (const [, what] of deaths) {
      await service.helped(what);
      await service.kill();
      service = new RealService(data, flags);
    }
    const { recoveries } = await service.helped(({ ended }) => ended !== undefined);
    expect(recoveries).toBe(2);
    expect(await service.end()).toBe(0);
  } finally {
    await service.kill();
  }

  const ask = async (...words: string[]): Promise<unknown> => {
    const { output } = await commandLine([...words, '--json', '--data', data, ...flags]);
    return JSON.parse(output);
  };
  expect(await ask('report', '1')).toMatchObject({
    stage: 'ended',
    result: 'PASS',
    counts: { 'not-run': 0, 'skipped-by-person': 0 },
    readOnly: { startedAt: expect.any(Number), endedAt: expect.any(Number) },
  });
  const logged = (await ask('sal', '--limit', '500')) as { message: string }[];
  const count = (pattern: RegExp): number => logged.filter(({ message }) => pattern.test(message)).length;
  expect({
    starts: count(/^START - switchdc mediawiki for datacenter switchover from codfw to eqiad/),
    ends: count(/^END \(PASS\) - switchdc mediawiki for datacenter switchover from codfw to eqiad/),
    readOnlyStarts: count(/^MediaWiki read-only period starts at: /),
    readOnlyEnds: count(/^MediaWiki read-only period ends at: /),
    recovered: count(/^RECOVERED - /),
  }).toEqual({ starts: 1, ends: 1, readOnlyStarts: 1, readOnlyEnds: 1, recovered: deaths.length });
}, 120_000);
