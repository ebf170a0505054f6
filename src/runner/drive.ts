import { type Clock, sleep } from '../domain/clock.js';
import { explainError } from '../domain/errors.js';
import { type Instant, type Millis, instant } from '../domain/instant.js';
import type { Lease } from '../state/locks.js';
import { decide } from './decide.js';
import type { Driver } from './driver.js';
import type { Entry } from './entry.js';
import { type Intent, intentKey } from './intent.js';
import { openGate } from './open-gate.js';
import { regainLocks } from './regain-locks.js';
import type { RunFile } from './run-file.js';
import { runStep } from './run-steps.js';
import { startRun } from './start-run.js';

/** Where the journal cannot be written, nothing goes on; everything is tried again this often. */
const JOURNAL_AGAIN: Millis = 1_000;

/** Made once: the reason that an abort makes for itself costs a stack trace, at every wait. */
const WOKEN = new Error('something happened');

export type { Driver } from './driver.js';

/**
 * Drives a run until it has ended or the signal: asks `decide` after every entry and carries out what it says. Steps are
 * started without being awaited; each is journaled before it begins and after it has ended.
 */
export async function drive(driver: Driver): Promise<void> {
  const { file, clock, signal } = driver;
  const busy = new Busy();
  while (!signal.aborted && file.state.stage !== 'ended') {
    const changed = Promise.race([file.changed(), busy.changed()]);
    let until: Instant | undefined;
    try {
      until = await advance(driver, busy);
    } catch (error) {
      driver.trouble(`run ${file.state.run} cannot go on: ${explainError(error)}`);
      until = instant(clock.now() + JOURNAL_AGAIN);
    }
    // The type checker cannot know that an awaited job may have ended the run.
    if ((file.state as { stage: string }).stage === 'ended') break;
    await wakeUp(changed, until, clock, signal);
  }
  // Files are closed after this: whatever is under way must have let go of them.
  await busy.idle();
  if (file.state.stage === 'ended') await driver.locks.release(file);
}

/** Does everything that may be done at once; returns until when to wait, if nothing else happens. */
async function advance(driver: Driver, busy: Busy): Promise<Instant | undefined> {
  const { file, clock } = driver;
  for (;;) {
    const next = await file.exclusively(async (append): Promise<Intent[] | 'again'> => {
      const lost = lostLease(file);
      if (lost !== undefined) {
        await append(lost);
        return 'again';
      }
      const intents = decide(file.prepared, file.state, clock.now());
      const intent = intents.find(
        (candidate) => candidate.kind !== 'wait' && !busy.has(intentKey(candidate)),
      );
      if (intent === undefined || intent.kind === 'wait') return intents;
      if (intent.kind === 'append') await append(intent.entry);
      else await begin(driver, intent, append, busy);
      return 'again';
    });
    if (next === 'again') continue;
    const waits = next.flatMap((intent) => (intent.kind === 'wait' ? [intent.until] : []));
    return waits.length === 0 ? undefined : (Math.min(...waits) as Instant);
  }
}

/** A lease that is lost and not yet journaled as such: the store has refused it, or the journal could not be written. */
function lostLease({ state, leases, refused }: RunFile): Entry | undefined {
  if (state.stage !== 'running' || state.leaseLost !== undefined) return undefined;
  const lost = (because: string, isLost: (lease: Lease) => boolean): Entry | undefined => {
    const lease = [...leases.values()].find(isLost);
    return lease && { kind: 'lease-lost', lock: lease.name, because };
  };
  return (
    lost('the store has refused a write with it', (lease) => refused.has(lease)) ??
    lost('the lease could not be renewed in time', (lease) => lease.lost.aborted)
  );
}

async function begin(
  driver: Driver,
  intent: Exclude<Intent, { kind: 'append' | 'wait' }>,
  append: (entry: Entry) => Promise<unknown>,
  busy: Busy,
): Promise<void> {
  const work = (body: Promise<void>): void => {
    busy.add(
      intentKey(intent),
      body.catch(async (error: unknown) => {
        driver.trouble(`run ${driver.file.state.run}: ${explainError(error)}`);
        // It is wanted again at once, and would fail again at once.
        await sleep(driver.clock, JOURNAL_AGAIN, driver.signal).catch(() => undefined);
      }),
    );
  };
  switch (intent.kind) {
    case 'step': {
      const { task, step, direction, round, attempt } = intent;
      await append({ kind: 'step-started', task, step, direction, round, attempt });
      work(runStep(driver.file, intent, driver.performer, driver.clock, driver.signal));
      return;
    }
    case 'begin':
      work(startRun(driver));
      return;
    case 'open-gate':
      work(openGate(driver, intent.for));
      return;
    case 'regain-locks':
      work(regainLocks(driver));
      return;
  }
}

/** The work that is under way in this process, by intent; tells when some of it has ended. */
class Busy {
  readonly #keys = new Set<string>();
  #poke: () => void = () => undefined;
  #poked = this.#fresh();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string, work: Promise<void>): void {
    this.#keys.add(key);
    void work.then(() => {
      this.#keys.delete(key);
      const poke = this.#poke;
      this.#poked = this.#fresh();
      poke();
    });
  }

  changed(): Promise<undefined> {
    return this.#poked;
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#keys.size > 0) await this.#poked;
  }

  #fresh(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#poke = () => {
        resolve(undefined);
      };
    });
  }
}

async function wakeUp(
  changed: Promise<undefined>,
  until: Instant | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const stop = (): void => {
    done.abort(WOKEN);
  };
  signal.addEventListener('abort', stop, { once: true });
  const stopped = new Promise<void>((resolve) => {
    done.signal.addEventListener('abort', () => {
      resolve();
    });
    if (signal.aborted) resolve();
  });
  try {
    const timer = until === undefined ? stopped : clock.sleepUntil(until, done.signal).catch(() => undefined);
    await Promise.race([changed, timer, stopped]);
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}
