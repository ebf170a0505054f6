import type { IKeyValue } from 'etcd3';
import { z } from 'zod';
import { InvalidObject } from '../errors.js';
import type { LockName, LockOwner } from '../locks.js';

const ownerFields = { installation: z.string(), run: z.number().int() };

/** What the key of a lock holds while the lock is held. */
const heldSchema = z.object(ownerFields);

/** What is kept of a lock for ever: its last owner, and the one before that was somebody else. */
const takenSchema = z.object({
  ...ownerFields,
  at: z.string(),
  /** Of this acquisition alone: so a process finds out whether an acquisition of unknown outcome was its own. */
  token: z.string(),
  other: z.object({ ...ownerFields, fence: z.number().int() }).optional(),
});

export type TakenRecord = z.infer<typeof takenSchema>;

/** A lock as it is in the store. */
export interface LockRecord {
  /** The revision at which it was last taken; 0 when it never was. Grows with each acquisition, whoever makes it. */
  readonly fence: number;
  readonly taken: TakenRecord | undefined;
  /** Undefined while nobody holds it. */
  readonly held: HeldRecord | undefined;
}

export interface HeldRecord {
  readonly owner: LockOwner;
  /** The store's, on which the key is. */
  readonly lease: string;
  /** The revision at which the key was last written. */
  readonly writtenAt: number;
}

/** Throws InvalidObject for keys that somebody else has written. Pure. */
export function lockRecord(
  name: LockName,
  taken: IKeyValue | undefined,
  lock: IKeyValue | undefined,
): LockRecord {
  return {
    fence: Number(taken?.mod_revision ?? 0),
    taken: taken && parsed(name, takenSchema, taken.value.toString()),
    held: lock && heldBy(name, lock),
  };
}

export function heldBy(name: LockName, lock: IKeyValue): HeldRecord {
  const owner = parsed(name, heldSchema, lock.value.toString());
  return { owner, lease: lock.lease, writtenAt: Number(lock.mod_revision) };
}

/** Whether somebody other than this owner has taken the lock after `since`. Pure. */
export function isHeldByAnother({ taken, fence }: LockRecord, owner: LockOwner, since: number): boolean {
  if (taken === undefined) return false;
  if (!isSameOwner(taken, owner)) return fence > since;
  return taken.other !== undefined && taken.other.fence > since;
}

/** What the store shall remember once this owner has taken the lock. Pure. */
export function takenNext(record: LockRecord, owner: LockOwner, at: string, token: string): TakenRecord {
  const { taken, fence } = record;
  const other =
    taken === undefined || isSameOwner(taken, owner)
      ? taken?.other
      : { installation: taken.installation, run: taken.run, fence };
  return { ...owner, at, token, ...(other && { other }) };
}

export function isSameOwner(a: LockOwner, b: LockOwner): boolean {
  return a.installation === b.installation && a.run === b.run;
}

function parsed<T>(name: LockName, schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const result = schema.safeParse(value);
  if (!result.success)
    throw new InvalidObject(
      `the lock ${name} is not as it was written by us: ${text.slice(0, 80)}; mend or remove its keys`,
    );
  return result.data;
}
