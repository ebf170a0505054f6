import { describe, expect, test } from '@jest/globals';
import { sleep } from '../../src/domain/clock.js';
import type { HostCommand, HostResult } from '../../src/hosts/hosts.js';
import { runInBatches } from '../../src/hosts/run-in-batches.js';
import { virtualClock } from '../support/virtual-clock.js';

const hosts = Array.from({ length: 10 }, (_, index) => `db${1001 + index}`);
const command: HostCommand = {
  name: 'a-test',
  argv: ['true'],
  effect: 'writes',
  okCodes: [0],
  timeout: 1_000,
  successThreshold: 1,
};

/** Runs a command that takes a second everywhere and fails on some hosts. */
async function run(
  given: Partial<HostCommand>,
  failing: readonly string[] = [],
  signal = new AbortController().signal,
) {
  const clock = virtualClock();
  const began = clock.now();
  const started: [string, number][] = [];
  const one = async (host: string): Promise<HostResult> => {
    started.push([host, clock.now() - began]);
    await sleep(clock, 1_000);
    const code = failing.includes(host) ? 1 : 0;
    return { host, outcome: { kind: 'exited', code, ok: code === 0, output: '' } };
  };
  const results = await runInBatches(hosts, { ...command, ...given }, one, clock, signal);
  return { results, started, took: clock.now() - began };
}
const notAttempted = (results: readonly HostResult[]): string[] =>
  results.filter(({ outcome }) => outcome.kind === 'not-attempted').map(({ host }) => host);

describe('a command on many hosts', () => {
  test('runs on all at once where it has no batches', async () => {
    const { results, took } = await run({});
    expect(results.map(({ host }) => host)).toEqual(hosts);
    expect(took).toBe(1_000);
  });

  test('runs batch by batch, with its pause in between and none after the last', async () => {
    const { started, took } = await run({ batch: { size: 4, pause: 500 } });
    expect(new Set(started.map(([, at]) => at))).toEqual(new Set([0, 1_500, 3_000]));
    expect(took).toBe(4_000);
  });

  test('is not attempted on the rest once too many have failed', async () => {
    const { results } = await run({ batch: { size: 2, pause: 0 }, successThreshold: 0.9 }, [
      'db1001',
      'db1003',
    ]);
    expect(notAttempted(results)).toEqual(hosts.slice(4));
    expect(results[4]?.outcome).toMatchObject({ because: '2 of 10 hosts failed, 90 % must succeed' });
  });

  test('goes on while enough can still succeed', async () => {
    const { results } = await run({ batch: { size: 2, pause: 0 }, successThreshold: 0.8 }, [
      'db1001',
      'db1003',
    ]);
    expect(notAttempted(results)).toEqual([]);
  });

  test('is not attempted any more once it is called off', async () => {
    const stop = new AbortController();
    stop.abort();
    const { results } = await run({ batch: { size: 2, pause: 0 } }, [], stop.signal);
    expect(notAttempted(results)).toEqual(hosts);
  });
});
