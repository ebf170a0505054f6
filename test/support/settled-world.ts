import type { Json } from '../../src/domain/json.js';
import { objectName } from '../../src/state/store.js';
import type { DatacenterLook, WorldLook } from '../../src/simulation/world-look.js';
import type { FullHouse } from './full-house.js';

/** Longer than any cache of the simulated world lives. */
const SETTLED = 6 * 60_000;

type Maintenance = Omit<DatacenterLook['maintenance'][number], 'scripts'>;

/** A world without its counters and times. */
export interface SettledWorld extends Pick<WorldLook, 'primary' | 'faults' | 'records'> {
  readonly datacenters: readonly (Omit<DatacenterLook, 'edits' | 'warmUpRounds' | 'maintenance'> & {
    /** Without scripts, which begin and end by themselves. */
    readonly maintenance: readonly Maintenance[];
  })[];
  readonly lost: number;
  /** Everything in the state store, by its name. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** How the world is once nothing moves any more. */
export async function settledWorld(full: FullHouse): Promise<SettledWorld> {
  await full.pass(SETTLED);
  const { primary, faults, datacenters, records, edits } = full.world.look();
  const { state } = full.house.world.ports;
  const all = { patterns: {}, text: '' };
  const stored = [
    ...(await state.select('discovery', all)),
    ...(await state.select('mwconfig', all)),
    ...(await state.select('geodns', all)),
  ];
  return {
    primary,
    faults,
    records,
    lost: edits.lost,
    datacenters: datacenters.map(({ edits: _edits, warmUpRounds: _rounds, maintenance, ...rest }) => ({
      ...rest,
      maintenance: maintenance.map(({ scripts: _scripts, ...host }) => host),
    })),
    objects: Object.fromEntries(stored.map(({ kind, tags, fields }) => [objectName(kind, tags), fields])),
  };
}

/** The fields of the state store that are different in two worlds, each as it was and as it is. */
export function changesOf(
  before: SettledWorld,
  after: SettledWorld,
): Record<string, Record<string, [Json | undefined, Json | undefined]>> {
  const names = [...new Set([...Object.keys(before.objects), ...Object.keys(after.objects)])];
  return Object.fromEntries(
    names.flatMap((name) => {
      const [was = {}, is = {}] = [before.objects[name], after.objects[name]];
      const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
        (field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]),
      );
      if (fields.length === 0) return [];
      return [[name, Object.fromEntries(fields.map((field) => [field, [was[field], is[field]]]))]];
    }),
  );
}
