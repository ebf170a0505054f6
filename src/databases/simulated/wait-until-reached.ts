import { type Instant, instant } from '../../domain/instant.js';
import { executedCountWhen, writtenBy } from '../../simulation/replication.js';
import type { SimulatedWorld } from '../../simulation/simulated-world.js';
import type { Position } from '../databases.js';
import { type Numbered, parsePosition } from './position.js';

/** One database primary. */
export type Server = Numbered;

/**
 * Whether a server has executed a position by the deadline. Sleeps until the instant at which it will have, and looks
 * again whenever something is done to the world; nothing is polled. A replica that is stuck answers no at once.
 */
export async function waitUntilReached(
  world: SimulatedWorld,
  server: Server,
  position: Position,
  deadline: Instant,
  signal: AbortSignal,
): Promise<boolean> {
  const { clock } = world;
  for (;;) {
    const when = reachedWhen(world, server, position);
    if (when !== 'stuck' && when !== 'unknown' && when <= clock.now()) return true;
    if (when === 'stuck' || clock.now() >= deadline) return false;
    await untilInput(world, instant(Math.min(when === 'unknown' ? deadline : when, deadline)), signal);
  }
}

/** `unknown` for a position that nobody has written yet. */
function reachedWhen(
  world: SimulatedWorld,
  server: Server,
  position: Position,
): Instant | 'stuck' | 'unknown' {
  const writer = parsePosition(position);
  const log = writer && world.now().sections[server.section]?.written[writer.side];
  if (log === undefined || writer === undefined || writer.section !== server.section) return 'unknown';
  const done = writer.side === server.side ? writtenBy(log) : log.executed;
  if (writer.count <= done) return world.clock.now();
  if (writer.side === server.side) return 'unknown';
  const when = executedCountWhen(log, server.section, writer.count);
  if (when !== undefined) return instant(when);
  return log.replication.frozen ? 'stuck' : 'unknown';
}

/** Until an instant, or until something is done to the world that may have changed what is waited for. */
async function untilInput(world: SimulatedWorld, until: Instant, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const wake = (): void => woken.abort();
  const stop = world.onInput(wake);
  signal.addEventListener('abort', wake, { once: true });
  await world.clock.sleepUntil(until, woken.signal).catch(() => undefined);
  signal.removeEventListener('abort', wake);
  stop();
  signal.throwIfAborted();
}
