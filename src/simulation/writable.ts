import { isDown } from './faults-in-force.js';
import type { Side, WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';

/** Whether an edit can be committed on a primary: it is read-write, and up. Pure. */
export function writable(shape: WorldShape, state: WorldState, section: number, side: Side): boolean {
  return (
    state.sections[section]?.access[side] === 'read-write' && !isDown(shape, state.faults, section, side)
  );
}
