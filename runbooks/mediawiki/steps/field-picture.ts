import { z } from 'zod';
import { ImpossibleState } from '../../../src/domain/errors.js';
import type { Json } from '../../../src/domain/json.js';
import type { Evidence } from '../../../src/runbook/finding.js';
import type { TaskId } from '../../../src/runbook/task.js';
import type { Readers } from '../../../src/runbook/world.js';
import { anyOf } from '../../../src/state/selector.js';
import {
  type KindName,
  type Selector,
  type StateReader,
  type StoredObject,
  type Tags,
  objectName,
} from '../../../src/state/store.js';

/** One field of one object in the state store, and the value that it is to have. */
export interface WantedField {
  readonly kind: KindName;
  readonly tags: Tags;
  readonly field: string;
  readonly wanted: Json;
}

/** The same with what it was: what a task records, so that it can be written with a comparison and put back. */
export type FieldPicture = {
  readonly kind: KindName;
  readonly tags: Tags;
  readonly field: string;
  readonly was: Json;
  readonly wanted: Json;
};

export interface FieldsSeen {
  readonly pictures: readonly FieldPicture[];
  /** Objects that the store does not hold. */
  readonly missing: readonly Evidence[];
  /** Objects of which only an old value could be read. */
  readonly stale: readonly Evidence[];
}

/** Reads the fields, one call for each kind. Throws what the store throws. */
export async function readFields(state: StateReader, fields: readonly WantedField[]): Promise<FieldsSeen> {
  const kinds = [...new Set(fields.map(({ kind }) => kind))];
  const answers = await Promise.all(kinds.map((kind) => state.select(kind, covering(kind, fields))));
  const stored = new Map(answers.flat().map((object) => [objectName(object.kind, object.tags), object]));
  const pictures: FieldPicture[] = [];
  const missing: Evidence[] = [];
  const stale: Evidence[] = [];
  for (const { kind, tags, field, wanted } of fields) {
    const name = objectName(kind, tags);
    const object: StoredObject | undefined = stored.get(name);
    const was = object?.fields[field];
    if (was === undefined)
      missing.push({ about: name, seen: `no ${field} in the state store`, expected: JSON.stringify(wanted) });
    else pictures.push({ kind, tags, field, was, wanted });
    if (object?.stale !== undefined)
      stale.push({ about: name, seen: 'an old value: the state store does not answer' });
  }
  return { pictures, missing, stale };
}

/** A selector that covers these fields' objects (and perhaps more, which is left aside). Pure. */
function covering(kind: KindName, fields: readonly WantedField[]): Selector {
  const own = fields.filter((field) => field.kind === kind);
  const tags = [...new Set(own.flatMap((field) => Object.keys(field.tags)))];
  const parts = tags.map((tag) => anyOf(tag, [...new Set(own.map((field) => field.tags[tag] ?? ''))]));
  return {
    patterns: Object.assign({}, ...parts.map((part) => part.patterns)) as Selector['patterns'],
    text: parts.map((part) => part.text).join(','),
  };
}

const recorded = z.array(
  z.object({
    kind: z.enum(['discovery', 'mwconfig', 'geodns']),
    tags: z.record(z.string(), z.string()),
    field: z.string(),
    was: z.json(),
    wanted: z.json(),
  }),
);

/** What an earlier task of this run recorded about its fields; undefined when it took no part in the run. */
export function recallFields(see: Readers, task: TaskId): readonly FieldPicture[] | undefined {
  const recalled = see.recall(task);
  if (recalled === undefined) return undefined;
  const parsed = recorded.safeParse(recalled.before);
  if (!parsed.success)
    throw new ImpossibleState(`what ${task} recorded cannot be read back: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The way back: each field as it was recorded. Throws when nothing was, for then there is nothing to go back to. */
export function asRecorded(see: Readers, task: TaskId): WantedField[] {
  const pictures = recallFields(see, task);
  if (pictures === undefined) throw new ImpossibleState(`${task} recorded nothing that could be put back`);
  return pictures.map(({ kind, tags, field, was }) => ({ kind, tags, field, wanted: was }));
}
