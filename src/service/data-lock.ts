import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { isoSeconds, type Instant } from '../domain/instant.js';
import { oneLine, shorten } from '../domain/text.js';
import { holdExclusively } from '../storage/hold-exclusively.js';
import { DataDirectoryUnusable } from './errors.js';

/** Who holds a data directory: for messages only, the lock itself does not depend on it. */
export interface Holder {
  readonly pid: number;
  /** `the service`, `switchdc log …`. */
  readonly what: string;
  readonly since: Instant;
}

/** The one process that may write in the data directory. */
export interface DataLock extends Disposable {
  readonly directory: string;
}

export type DataLockResult =
  | { readonly ok: true; readonly lock: DataLock }
  /** Undefined when the other process has not said who it is. */
  | { readonly ok: false; readonly heldBy: Holder | undefined };

/** The data directory itself: readable by its owner alone, since journals name people. */
const OWNER_ONLY = 0o700;

/**
 * Takes the exclusive lock of a data directory, which is created when it is not there. The lock dies with the process,
 * also when that is killed. Never waits. Throws DataDirectoryUnusable.
 */
export function acquireDataLock(directory: string, holder: Holder): DataLockResult {
  try {
    makeDirectory(resolve(directory));
    const held = holdExclusively(join(directory, 'lock.db'));
    if (held === undefined) return { ok: false, heldBy: readHolder(directory) };
    writeHolder(directory, holder);
    return {
      ok: true,
      lock: {
        directory,
        [Symbol.dispose]() {
          rmSync(holderFile(directory), { force: true });
          held.release();
        },
      },
    };
  } catch (error) {
    throw new DataDirectoryUnusable(directory, error);
  }
}

/** Parents included, one by one: Node's own way with `recursive` never returns where a file system refuses, as /proc does. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    mkdirSync(directory, { mode: OWNER_ONLY });
  } catch (error) {
    // Another process may have made it in between.
    if (!existsSync(directory)) throw error;
  }
}

/** One clause for people: `process 4711 (the service) holds it since 2026-03-25T14:00:00Z`. Pure. */
export function explainHolder(holder: Holder | undefined): string {
  if (holder === undefined) return 'another process holds it';
  const what = shorten(oneLine(holder.what), 80);
  return `process ${holder.pid} (${what}) holds it since ${isoSeconds(holder.since)}`;
}

const holderSchema = z.object({
  pid: z.number().int(),
  what: z.string(),
  since: z
    .number()
    .int()
    .transform((millis) => millis as Instant),
});

const holderFile = (directory: string): string => join(directory, 'lock.json');

function writeHolder(directory: string, holder: Holder): void {
  const draft = `${holderFile(directory)}.new`;
  writeFileSync(draft, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  renameSync(draft, holderFile(directory));
}

/** What a process that has just died left there is told as well: it is only read while somebody holds the lock. */
function readHolder(directory: string): Holder | undefined {
  try {
    const parsed = holderSchema.safeParse(JSON.parse(readFileSync(holderFile(directory), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
