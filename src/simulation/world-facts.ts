import type { Instant } from '../domain/instant.js';
import { instant } from '../domain/instant.js';
import type { DatacenterName, SectionName } from '../domain/names.js';
import { isDown } from './faults-in-force.js';
import type { Side, WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';
import { writable } from './writable.js';

/** What of a world the law speaks about, at one instant. */
export interface WorldFacts {
  readonly at: Instant;
  /** What made it so, `s4.codfw read-write`. */
  readonly because: string;
  /** The datacenter that the state names as primary. */
  readonly primary: DatacenterName;
  /** By datacenter: the wiki's ReadOnly. */
  readonly readOnly: Readonly<Record<DatacenterName, string | false>>;
  /** By section, the datacenters whose primary can be written. */
  readonly writable: Readonly<Record<SectionName, readonly DatacenterName[]>>;
  /** By section, the datacenters whose primary is down: it counts as not writable. */
  readonly down: Readonly<Record<SectionName, readonly DatacenterName[]>>;
  /** By read-write record, the datacenters that it is pooled in. */
  readonly pooled: Readonly<Record<string, readonly DatacenterName[]>>;
}

/** The facts of a world as it is now. Pure. */
export function factsOf(shape: WorldShape, state: WorldState, because: string): WorldFacts {
  const [north, south] = shape.datacenters;
  const sides = (holds: (side: Side) => boolean): DatacenterName[] =>
    ([0, 1] as const).filter(holds).map((side) => shape.datacenters[side]);
  const bySection = (holds: (section: number, side: Side) => boolean) =>
    Object.fromEntries(shape.sections.map((name, section) => [name, sides((side) => holds(section, side))]));
  return {
    at: instant(state.at),
    because,
    primary: shape.datacenters[state.store.primary],
    readOnly: { [north]: state.store.readOnly[0], [south]: state.store.readOnly[1] },
    writable: bySection((section, side) => writable(shape, state, section, side)),
    down: bySection((section, side) => isDown(shape, state.faults, section, side)),
    pooled: Object.fromEntries(
      shape.readWriteRecords.map((record) => [
        record,
        sides((side) => state.store.records[record]?.[side].pooled ?? false),
      ]),
    ),
  };
}
