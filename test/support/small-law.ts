import type { Json } from '../../src/domain/json.js';
import type { DatacenterName } from '../../src/domain/names.js';
import type { Access } from '../../src/databases/databases.js';
import { type SmallWorld, north, south } from './small-world.js';

/** What a datacenter is for the wiki: by the objects and the databases, not by what was asked for. */
export interface Standing {
  readonly readOnly: Json | undefined;
  readonly access: (Access | undefined)[];
  readonly pooled: (Json | undefined)[];
}

export function allOf(world: SmallWorld, dc: DatacenterName): Standing {
  const { sections, wiki } = world.installation;
  return {
    readOnly: world.field(`mwconfig/name=ReadOnly,scope=${dc}`, 'val'),
    access: sections.map((name) => world.access.get(`${name}.${dc}`)),
    pooled: wiki.readWriteRecords.map((record) =>
      world.field(`discovery/dnsdisc=${record},name=${dc}`, 'pooled'),
    ),
  };
}

export const recordsOf = (world: SmallWorld, field: 'pooled' | 'ttl'): (Json | undefined)[] =>
  [north, south].flatMap((dc) =>
    world.installation.wiki.readWriteRecords.map((record) =>
      world.field(`discovery/dnsdisc=${record},name=${dc}`, field),
    ),
  );

/** What must never be true at any moment of a live run or its way back; throws with what is. */
export function between(world: SmallWorld): void {
  const one = allOf(world, north);
  const other = allOf(world, south);
  const editable = one.readOnly === false && other.readOnly === false;
  world.installation.sections.forEach((name, at) => {
    const writable = [one.access[at], other.access[at]].filter((access) => access === 'read-write').length;
    if (writable > 1) throw new Error(`${name} is writable in both datacenters`);
    if (writable === 0 && editable) throw new Error(`${name} is writable nowhere while people edit`);
  });
  world.installation.wiki.readWriteRecords.forEach((record, at) => {
    if (one.pooled[at] !== true && other.pooled[at] !== true) throw new Error(`${record} is pooled nowhere`);
  });
}
