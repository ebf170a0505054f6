import type { Millis } from '../domain/instant.js';
import type { HostCommand } from './hosts.js';

/** How long a command may take on so many hosts, at the most: its batches come one after the other. Pure. */
export function longestRun({ timeout, batch }: HostCommand, hosts: number): Millis {
  const batches = Math.max(1, Math.ceil(hosts / (batch?.size ?? Math.max(1, hosts))));
  return batches * timeout + (batches - 1) * (batch?.pause ?? 0);
}
