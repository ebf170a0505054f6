import type { Json } from '../../src/domain/json.js';
import { type Instant, plus } from '../../src/domain/instant.js';
import type { Finding } from '../../src/runbook/finding.js';
import type { PlannedChange } from '../../src/runbook/planned-change.js';
import type { Held, Step, Undo } from '../../src/runbook/task.js';
import type { Readers, Recalled, Writers } from '../../src/runbook/world.js';

/** A world that steps can be walked through. */
export interface WalkedWorld {
  readers(recalled: (task: string) => Recalled | undefined): Readers;
  /** For a step of a task: the permit of some worlds asks which one, and in which direction. */
  writers(task: string, direction: 'forward' | 'back'): Writers;
  wait(until: Instant): Promise<void> | void;
}

/** How a step came out: what it changed, and the last thing it found. */
export interface Walked {
  readonly changes: readonly PlannedChange[];
  readonly applied: boolean;
  readonly finding: Finding;
  /** How long was waited. */
  readonly took: number;
}

/** Walks steps through check, apply and verify as a run does, without a journal. */
export class Walker<W extends WalkedWorld = WalkedWorld> {
  readonly recorded = new Map<string, { before: Json; done?: Json }>();

  /** `mostLooks`: patience ends after so many, for tests that only want to know what would be written. */
  constructor(
    readonly world: W,
    readonly mostLooks = Infinity,
  ) {}

  readonly recall = (task: string): Recalled | undefined => this.recorded.get(task);

  /** `after`: called after every write. */
  async walk(
    id: string,
    step: Step,
    after: () => void = () => undefined,
    direction: 'forward' | 'back' = 'forward',
  ): Promise<Walked> {
    const { world } = this;
    const see = world.readers(this.recall);
    const began = see.now();
    const key = direction === 'back' ? `${id} back` : id;
    const done: Json[] = [];
    const changes: PlannedChange[] = [];
    let applied = false;
    let appliedAt = { earliest: began, latest: began };
    let before: Json;
    do {
      const checked = await this.#patiently(see, step, () => step.check(see));
      ({ before } = checked);
      changes.push(...checked.changes);
      if (!this.recorded.has(key)) this.recorded.set(key, { before });
      if (checked.finding.kind !== 'holds')
        return { changes, applied, finding: checked.finding, took: see.now() - began };
      if (checked.changes.length === 0) break;
      const earliest = see.now();
      done.push(await step.apply(world.writers(id, direction), before));
      after();
      applied = true;
      appliedAt = { earliest, latest: see.now() };
    } while (step.more?.(done) === true);
    const first = this.recorded.get(key)?.before ?? null;
    const last = done.at(-1);
    if (last !== undefined) this.recorded.set(key, { before: first, done: last });
    let held: Held | undefined;
    const { finding } = await this.#patiently(see, step, async () => {
      const facts = { before: first, done: last, appliedAt, ...(held === undefined ? {} : { held }) };
      const seen = await step.verify(see, facts);
      held = seen.heldSince === undefined ? undefined : { since: seen.heldSince, seenAt: see.now() };
      return { finding: seen };
    });
    return { changes, applied, finding, took: see.now() - began };
  }

  /** Takes a task back; what is needless or impossible is not walked. */
  async back(id: string, undo: Undo, after?: () => void): Promise<Walked | undefined> {
    if (!('check' in undo)) return undefined;
    return this.walk(id, undo, after, 'back');
  }

  async #patiently<T extends { finding: Finding }>(
    see: Readers,
    { patience }: Step,
    look: () => Promise<T>,
  ): Promise<T> {
    let until = plus(see.now(), patience.upTo);
    for (let looks = 1; ; looks += 1) {
      const seen = await look();
      const { kind, until: known } = seen.finding;
      if (kind !== 'not-yet' || see.now() > until || looks >= this.mostLooks) return seen;
      if (known !== undefined && known > see.now()) {
        until = plus(known, patience.upTo);
        await this.world.wait(known);
      } else await this.world.wait(plus(see.now(), patience.every));
    }
  }
}
