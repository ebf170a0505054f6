import { sleep, type Clock } from '../../src/domain/clock.js';
import { canonical, type Json } from '../../src/domain/json.js';
import { role } from '../../src/domain/names.js';
import type { ApprovalPolicy } from '../../src/runbook/approval-policy.js';
import { blocked, holds, notYet } from '../../src/runbook/finding.js';
import type { Mode } from '../../src/runbook/mode.js';
import { stateObject } from '../../src/runbook/planned-change.js';
import type { Phase, Runbook } from '../../src/runbook/runbook.js';
import {
  type After,
  defineTask,
  type ManualTask,
  type Step,
  type Task,
  type Undo,
} from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import { StoreUnavailable, StoreUnknown } from '../../src/state/errors.js';
import { exactly, matches } from '../../src/state/selector.js';
import type { StateReader, Tags } from '../../src/state/store.js';
import { ToyLife } from './toy-life.js';

/** What a write may meet: `refused` had no effect, `answer lost` may have had one (it has). */
export type ToyFault = 'refused' | 'answer lost' | 'lost on the way';

/** A world of named switches that a toy runbook turns: small enough to be looked at whole. It outlives processes. */
export class ToyWorld {
  readonly values = new Map<string, Json>();
  /** Every write, in order: what a test holds against the journal. */
  readonly writes: string[] = [];
  /** Looks and writes in the order in which they happened. */
  readonly log: { readonly does: 'look' | 'write'; readonly name: string; readonly to?: Json }[] = [];
  /** What the next look at a switch says instead of the truth. */
  readonly blockedNames = new Set<string>();
  readonly lateNames = new Map<string, number>();
  /** What the next look at anything fails of. */
  breaks: (() => Error) | undefined;
  /** Each is met once. */
  readonly faults = new Map<string, ToyFault>();
  /** Of the process that acts on it now. */
  life = new ToyLife();

  constructor(public clock: Clock) {}

  read(name: string): Json {
    return this.values.get(name) ?? 'off';
  }

  /** Those of the given names that are not off. */
  get on(): string[] {
    return [...this.values].flatMap(([name, value]) => (value === 'off' ? [] : [name])).sort();
  }

  async write(name: string, value: Json): Promise<void> {
    const { life } = this;
    const fault = this.faults.get(name);
    this.faults.delete(name);
    if (fault === 'refused') throw new StoreUnavailable(`${name} refuses`);
    if (fault === 'lost on the way') throw new StoreUnknown(`${name} does not answer`);
    await life.pass(`before writing ${name}`);
    this.values.set(name, value);
    this.writes.push(`${name}=${JSON.stringify(value)}`);
    this.log.push({ does: 'write', name, to: value });
    await life.pass(`after writing ${name}`);
    if (fault === 'answer lost') throw new StoreUnknown(`${name} does not answer`);
    await sleep(this.clock, 10);
  }

  /** The switches as stored objects, so that what is planned can be laid over them. */
  get reader(): StateReader {
    return {
      select: (kind, where) => {
        const tags = Object.fromEntries(
          Object.entries(where.patterns).map(([tag, pattern]) => [
            tag,
            /^\^(.*)\$$/.exec(pattern.source)?.[1] ?? '',
          ]),
        );
        const name = tags['name'] ?? '';
        this.log.push({ does: 'look', name });
        if (this.breaks !== undefined) return Promise.reject(this.breaks());
        if (!matches(where, tags)) return Promise.resolve([]);
        return Promise.resolve([{ kind, tags, fields: { val: this.read(name) }, revision: 1 }]);
      },
      async *watch() {
        throw new Error('nobody watches a toy');
      },
    };
  }
}

export const toyTags = (name: string): Tags => ({ scope: 'toy', name });
export const toyObject = (name: string): string => stateObject('mwconfig', toyTags(name), 'val');

/** A switch as it is, or as it would be in a plan. */
export async function toyValue(see: Readers, name: string): Promise<Json> {
  const [object] = await see.state.select('mwconfig', exactly(toyTags(name)));
  return object?.fields['val'] ?? null;
}

const explain = { does: 'turns a switch', checkByHand: 'look at it', wentWrongBefore: 'nothing yet' };
const patience = { every: 100, upTo: 5_000 };

export interface ToyTask {
  readonly id: string;
  readonly after?: readonly After[];
  readonly again?: Step['again'];
  readonly inLiveTest?: Task['inLiveTest'];
  readonly inEmergency?: Task['inEmergency'];
  readonly undo?: Undo;
  readonly provenBy?: string;
  readonly rounds?: number;
}

/** Turns the switch named by the task's id from off to on, and back. */
export function toyTask(world: ToyWorld, spec: ToyTask): Task {
  const { id } = spec;
  const { rounds } = spec;
  const turn = (to: 'on' | 'off'): Step => ({
    explain,
    patience,
    again: spec.again ?? 'safe',
    check: async (see) => {
      const from = await toyValue(see, id);
      if (world.blockedNames.has(id))
        return { finding: blocked([{ about: id, seen: 'jammed' }]), before: null, changes: [] };
      const changes = from === to && rounds === undefined ? [] : [{ object: toyObject(id), from, to }];
      return { finding: holds(), before: from, changes };
    },
    apply: async () => {
      await world.write(id, to);
      return world.clock.now();
    },
    verify: async (see) => {
      const value = await toyValue(see, id);
      const late = world.lateNames.get(id) ?? 0;
      if (late > 0) {
        world.lateNames.set(id, late - 1);
        return notYet([{ about: id, seen: 'moving' }]);
      }
      return value === to ? holds() : blocked([{ about: id, seen: canonical(value), expected: to }]);
    },
  });
  const forward = turn('on');
  const { check } = turn('off');
  const back: Step = {
    ...turn('off'),
    // Going back takes one round, however many the way there took.
    check: async (see) => {
      const result = await check(see);
      return { ...result, changes: result.changes.filter(({ from }) => from !== 'off') };
    },
  };
  return defineTask({
    ...forward,
    id,
    title: `turn ${id} on`,
    after: spec.after ?? [],
    ...(spec.provenBy === undefined ? {} : { provenBy: spec.provenBy }),
    ...(rounds === undefined ? {} : { more: (done: readonly Json[]) => done.length < rounds }),
    inLiveTest: spec.inLiveTest ?? 'same',
    inEmergency: spec.inEmergency ?? 'same',
    rollback: spec.undo ?? back,
  });
}

export function toyManual(
  id: string,
  verify?: (see: Readers) => ReturnType<NonNullable<ManualTask['verify']>>,
): ManualTask {
  return {
    id,
    title: `somebody does ${id}`,
    explain,
    assignedTo: role('dba'),
    salText: `did ${id}`,
    inLiveTest: 'skip',
    inEmergency: 'same',
    rollback: { ask: `take ${id} back` },
    ...(verify === undefined ? {} : { verify }),
  };
}

export function toyRunbook(phases: (mode: Mode) => readonly Phase[], parts: Partial<Runbook> = {}): Runbook {
  return {
    name: 'toy',
    version: '1',
    locks: () => ['toy'],
    urgency: () => 'planned',
    parse: (raw) => ({ ok: true, params: raw }),
    complete: (raw) => Promise.resolve({ ok: true, params: raw }),
    describe: () => 'a toy',
    phases: (_params, mode) => phases(mode),
    ...parts,
  };
}

export const oneGo: ApprovalPolicy = {
  approvals: 1,
  mayAnswer: [role('approver')],
  needs: [],
  expiresAfter: 30 * 60_000,
};
export const noApproval: ApprovalPolicy = {
  approvals: 0,
  mayAnswer: [],
  needs: [],
  expiresAfter: 30 * 60_000,
};
