import type { Millis } from '../domain/instant.js';
import { type Fault, isAbout } from './fault.js';
import type { WorldInput } from './world-input.js';
import type { WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';

/** What is broken on purpose. Durable like everything that is done to the world. */
export interface WorldFaults {
  list(): readonly Fault[];
  /** Durable when it returns. Replaces another condition of the same subject. */
  cause(fault: Fault): void;
  /** All faults of a subject as `faultSubject` names it, or all there are; how many that were. Durable when it returns. */
  clear(subject?: string): number;
  /** Called after each change, until the returned function is called. */
  onChange(listener: () => void): () => void;
  storeUnavailable(): boolean;
  storeAnswersLost(): boolean;
  diskDelay(): Millis;
}

export function worldFaults(world: {
  readonly shape: WorldShape;
  now(): WorldState;
  record(input: WorldInput): void;
  onInput(listener: (input: WorldInput) => void): () => void;
}): WorldFaults {
  const list = (): readonly Fault[] => world.now().faults;
  const has = (kind: Fault['kind']): boolean => list().some((fault) => fault.kind === kind);
  return {
    list,
    cause: (fault) => world.record({ kind: 'fault', fault }),
    clear(subject) {
      const count = list().filter((fault) => subject === undefined || isAbout(fault, subject)).length;
      if (count > 0)
        world.record(subject === undefined ? { kind: 'fault-cleared' } : { kind: 'fault-cleared', subject });
      return count;
    },
    onChange: (listener) =>
      world.onInput((input) => {
        if (input.kind === 'fault' || input.kind === 'fault-cleared') listener();
      }),
    storeUnavailable: () => has('store-unavailable'),
    storeAnswersLost: () => has('store-answer-lost'),
    diskDelay: () => list().reduce((most, fault) => (fault.kind === 'disk-slow' ? fault.delay : most), 0),
  };
}
