import type { Clock } from '../domain/clock.js';
import type { Ports } from '../runner/ports.js';
import type { SimulatedClock } from '../simulation/simulated-clock.js';
import type { SimulatedWorld } from '../simulation/simulated-world.js';

/** What runs act on, whatever is behind it. */
export interface ComposedWorld {
  readonly clock: Clock;
  readonly ports: Ports;
  /** Only where it is simulated: what can be broken, looked at from above, and made to go faster. */
  readonly simulation?: Simulation;
  /** Opens the connections that a run will need, in the background: nothing is opened inside its read-only window. */
  warm(): void;
  close(): Promise<void>;
}

export interface Simulation {
  readonly clock: SimulatedClock;
  readonly world: SimulatedWorld;
}
