import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DeliveryLedger } from '../../src/announcements/delivery-ledger.js';
import { LedgerContradiction } from '../../src/announcements/errors.js';
import { instant } from '../../src/domain/instant.js';
import { LedgerFile } from '../announcements/support.js';

interface Held {
  state: 'claimed' | 'sent' | 'not-sent';
  attempt: number;
  since: number;
  proof?: string;
  because?: string;
}

/** All that a ledger is: what it holds of each key, in the order of the latest claims. */
type Model = Map<string, Held>;

/** The real one; its process may die. */
interface Real {
  ledger: DeliveryLedger;
  readonly file: LedgerFile;
}

type Command = fc.AsyncCommand<Model, Real>;

const isLast = (model: Model, key: string, held: Held): void => {
  model.delete(key);
  model.set(key, held);
};

class Claim implements Command {
  constructor(
    readonly key: string,
    readonly at: number,
  ) {}
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const held = model.get(this.key);
    const claim = await real.ledger.claim(this.key, instant(this.at));
    if (held?.state === 'sent' || held?.state === 'claimed') {
      const state = held.state === 'sent' ? 'already-done' : 'unknown';
      expect(claim).toEqual({ state, attempt: held.attempt, since: held.since });
      return;
    }
    const next = {
      ...held,
      state: 'claimed' as const,
      attempt: (held?.attempt ?? 0) + 1,
      since: held?.since ?? this.at,
    };
    expect(claim).toEqual({ state: 'claimed', attempt: next.attempt, since: next.since });
    isLast(model, this.key, next);
  }
  toString = (): string => `claim(${this.key}, ${this.at})`;
}

class Confirm implements Command {
  constructor(
    readonly key: string,
    readonly proof: string,
  ) {}
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const held = model.get(this.key);
    const confirmed = real.ledger.confirm(this.key, this.proof);
    if (held?.state === 'claimed' || held?.state === 'sent') {
      await confirmed;
      model.set(this.key, { ...held, state: 'sent', proof: held.proof ?? this.proof });
    } else {
      await expect(confirmed).rejects.toThrow(LedgerContradiction);
    }
  }
  toString = (): string => `confirm(${this.key}, ${this.proof})`;
}

class NotSent implements Command {
  constructor(
    readonly key: string,
    readonly at: number,
  ) {}
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const held = model.get(this.key);
    const because = `at ${this.at}`;
    const told = real.ledger.notSent(this.key, because, instant(this.at));
    if (held?.state === 'sent') {
      await expect(told).rejects.toThrow(LedgerContradiction);
    } else {
      await told;
      const attempt = Math.max(0, (held?.attempt ?? 0) - 1);
      const state = attempt > 0 ? 'claimed' : 'not-sent';
      model.set(this.key, { since: this.at, ...held, state, attempt, because });
    }
  }
  toString = (): string => `notSent(${this.key}, ${this.at})`;
}

class Again implements Command {
  constructor(readonly key: string) {}
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const held = model.get(this.key);
    const again = real.ledger.again(this.key);
    if (held?.state === 'claimed') {
      expect(await again).toEqual({ attempt: held.attempt + 1 });
      isLast(model, this.key, { ...held, attempt: held.attempt + 1 });
    } else {
      await expect(again).rejects.toThrow(LedgerContradiction);
    }
  }
  toString = (): string => `again(${this.key})`;
}

class ProcessDies implements Command {
  check = (): boolean => true;
  async run(_: Model, real: Real): Promise<void> {
    real.ledger = real.file.open();
  }
  toString = (): string => 'processDies()';
}

class LookAt implements Command {
  constructor(readonly prefix: string) {}
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const held = [...model]
      .filter(([key]) => key.startsWith(this.prefix))
      .map(([key, rest]) => ({ key, ...rest }));
    expect(await real.ledger.deliveries(this.prefix)).toEqual(held);
  }
  toString = (): string => `deliveries(${this.prefix})`;
}

it('the ledger holds what a tiny model holds, whatever is done to it and whenever its process dies', async () => {
  const key = fc.constantFrom('a/1', 'a/2', 'b/1');
  const at = fc.integer({ min: 1, max: 1_000 });
  const commands = fc.commands<Model, Real, false>(
    [
      fc.tuple(key, at).map((args) => new Claim(...args)),
      fc.tuple(key, fc.constantFrom('line 7', 'line 8')).map((args) => new Confirm(...args)),
      fc.tuple(key, at).map((args) => new NotSent(...args)),
      key.map((each) => new Again(each)),
      fc.constant(new ProcessDies()),
      fc.constantFrom('', 'a/', 'b').map((prefix) => new LookAt(prefix)),
    ],
    { maxCommands: 40 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (chosen) => {
      using file = new LedgerFile();
      const real: Real = { ledger: file.open(), file };
      const model: Model = new Map();
      await fc.asyncModelRun(() => ({ model, real }), [...chosen, new ProcessDies(), new LookAt('')]);
    }),
    { numRuns: 60 },
  );
});
