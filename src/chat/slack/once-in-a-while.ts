import type { Clock } from '../../domain/clock.js';
import { type Instant, type Millis, MINUTE } from '../../domain/instant.js';

const PAUSE: Millis = 10 * MINUTE;

/** Different texts that are remembered. */
const MOST = 100;

/** Tells each text at once, and the same one again only after a while: what people do over and over is no alarm each time. */
export function onceInAWhile(
  tell: (text: string) => void,
  clock: Pick<Clock, 'now'>,
): (text: string) => void {
  const toldAt = new Map<string, Instant>();
  return (text) => {
    const now = clock.now();
    const before = toldAt.get(text);
    if (before !== undefined && now - before < PAUSE) return;
    if (toldAt.size >= MOST) toldAt.clear();
    toldAt.set(text, now);
    tell(text);
  };
}
