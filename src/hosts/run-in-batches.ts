import { type Clock, sleep } from '../domain/clock.js';
import type { HostCommand, HostName, HostResult } from './hosts.js';

/** Runs a command on one host; a failing host is a result. */
export type RunOnHost = (host: HostName) => Promise<HostResult>;

/**
 * All hosts at once, or in the command's batches with its pause in between. Once fewer than the command's share of the
 * hosts can still succeed, the batches that remain are not attempted; neither are they after the signal.
 */
export async function runInBatches(
  hosts: readonly HostName[],
  command: HostCommand,
  one: RunOnHost,
  clock: Clock,
  signal: AbortSignal,
): Promise<HostResult[]> {
  const size = command.batch?.size ?? Math.max(1, hosts.length);
  const results: HostResult[] = [];
  for (let at = 0; at < hosts.length; at += size) {
    if (at > 0 && command.batch) await sleep(clock, command.batch.pause, signal).catch(() => undefined);
    const because = whyStop(hosts.length, results, command.successThreshold, signal);
    if (because !== undefined) {
      const rest = hosts.slice(at);
      return [
        ...results,
        ...rest.map((host) => ({ host, outcome: { kind: 'not-attempted' as const, because } })),
      ];
    }
    results.push(...(await Promise.all(hosts.slice(at, at + size).map(one))));
  }
  return results;
}

function whyStop(
  total: number,
  results: readonly HostResult[],
  threshold: number,
  signal: AbortSignal,
): string | undefined {
  if (signal.aborted) return 'it was called off';
  const failed = results.filter(({ outcome }) => outcome.kind !== 'exited' || !outcome.ok).length;
  if (total - failed >= total * threshold) return undefined;
  return `${failed} of ${total} hosts failed, ${Math.round(threshold * 100)} % must succeed`;
}
