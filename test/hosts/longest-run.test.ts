import { expect, test } from '@jest/globals';
import { longestRun } from '../../src/hosts/longest-run.js';
import type { HostCommand } from '../../src/hosts/hosts.js';

const command = (batch?: HostCommand['batch']): HostCommand => ({
  name: 'restart',
  argv: ['true'],
  effect: 'writes',
  okCodes: [0],
  timeout: 60_000,
  successThreshold: 1,
  ...(batch === undefined ? {} : { batch }),
});

test.each([
  ['all hosts at once', 50, undefined, 60_000],
  [
    'three batches, the last one not full, and the pauses between them',
    5,
    { size: 2, pause: 1_000 },
    182_000,
  ],
  ['one batch that is not full', 1, { size: 2, pause: 1_000 }, 60_000],
  ['no host at all', 0, { size: 2, pause: 1_000 }, 60_000],
])('a command takes at the longest its timeout for each batch: %s', (_, hosts, batch, expected) => {
  expect(longestRun(command(batch), hosts)).toBe(expected);
});
