import { expect, test } from '@jest/globals';
import { stoppedRuns } from '../../src/compose/stopped-runs.js';
import { instant } from '../../src/domain/instant.js';
import { JournalUnwritable } from '../../src/runner/errors.js';

test('who asks is told of the journal that takes nothing, until it takes something again', () => {
  const told: string[] = [];
  const stopped = stoppedRuns({ now: () => instant(7) } as never, {
    stopped: (run) => told.push(`${run} stopped`),
    goesOn: (run) => told.push(`${run} goes on`),
  });
  stopped.stopped(41, new JournalUnwritable('the journal cannot be written (disk I/O error)'));
  expect(stopped.waitOf(41)).toMatchObject({
    what: expect.stringMatching(
      /^the journal cannot be written \(disk I\/O error\): nothing of the run begins/,
    ),
    since: 7,
  });
  expect(stopped.waitOf(42)).toBeUndefined();
  stopped.goesOn(41);
  expect(stopped.waitOf(41)).toBeUndefined();
  expect(told).toEqual(['41 stopped', '41 goes on']);
});
