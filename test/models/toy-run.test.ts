import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JournalUnwritable } from '../../src/runner/errors.js';
import { foldRun } from '../../src/runner/evolve.js';
import {
  abortOrder,
  type Caller,
  confirmOrder,
  holdOrder,
  type Order,
  resumeOrder,
  retryOrder,
  skipOrder,
  takeOrder,
  voteOrder,
} from '../../src/runner/orders.js';
import type { PreparedRun } from '../../src/runner/prepared-run.js';
import type { RunFile } from '../../src/runner/run-file.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { crowd, helpfulOrders } from '../support/toy-crowd.js';
import { ToyDisk } from '../support/toy-flaky-journal.js';
import { START, ToyHouse } from '../support/toy-house.js';
import { blindWrites, brokenLaws } from '../support/toy-laws.js';
import { oneGo, type ToyFault, ToyWorld } from '../support/toy-runbook.js';
import { SWITCHES, toySwitchover } from '../support/toy-switchover.js';
import { temporaryFolder } from '../support/temporary-folder.js';

type Act =
  | { readonly act: 'order'; readonly by: number; readonly what: OrderName; readonly task: string }
  | { readonly act: 'help'; readonly times: number }
  | { readonly act: 'time'; readonly seconds: number }
  | { readonly act: 'jam' | 'free' | 'late'; readonly task: string }
  | { readonly act: 'fault'; readonly task: string; readonly fault: ToyFault }
  | { readonly act: 'disk full'; readonly times: number }
  | { readonly act: 'lock lost'; readonly toAnother: boolean }
  | { readonly act: 'crash'; readonly gapSeconds: number };

const ORDERS = {
  approve: () => voteOrder('go', 'request'),
  deny: () => voteOrder('nogo', 'request'),
  go: () => voteOrder('go', 'gate'),
  nogo: () => voteOrder('nogo', 'gate'),
  hold: () => holdOrder('wait'),
  resume: () => resumeOrder(),
  retry: (task: string) => retryOrder(task),
  skip: (task: string) => skipOrder(task, 'by hand', oneGo),
  abort: () => abortOrder('enough'),
  done: (task: string) => confirmOrder(task),
  take: () => takeOrder(),
} satisfies Record<string, (task: string) => Order>;
type OrderName = keyof typeof ORDERS;

const task = fc.constantFrom(...SWITCHES, '05-h', '05-i');
const often = fc.constantFrom<OrderName>(
  'approve',
  'go',
  'resume',
  'retry',
  'done',
  'hold',
  'nogo',
  'skip',
  'take',
);
const rarely = fc.constantFrom<OrderName>('abort', 'deny');
const what = fc.oneof({ weight: 8, arbitrary: often }, { weight: 1, arbitrary: rarely });
const faults = fc.constantFrom<ToyFault>('refused', 'answer lost', 'lost on the way');
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ act: fc.constant('order' as const), by: fc.nat(2), what, task }) },
  {
    weight: 8,
    arbitrary: fc.record({ act: fc.constant('help' as const), times: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('time' as const),
      seconds: fc.constantFrom(0.01, 0.2, 3, 30, 2_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constantFrom('jam' as const, 'free' as const, 'late' as const), task }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('fault' as const), task, fault: faults }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('disk full' as const), times: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lock lost' as const), toAnother: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('crash' as const), gapSeconds: fc.constantFrom(1, 100, 1_000) }),
  },
);

/** A run, its people and its misfortunes, on a clock that moves only when it is told to. */
class Play {
  readonly world = new ToyWorld(fastClock(START, { jumps: false }));
  readonly disk = new ToyDisk();
  readonly folder = temporaryFolder();
  house = new ToyHouse(this.folder, this.world, { disk: this.disk });
  readonly prepared: PreparedRun = this.house.prepare(toySwitchover(this.world), 'live');
  file!: RunFile;

  async begin(): Promise<void> {
    this.file = await this.house.request(this.prepared, oneGo);
    void this.house.drive(this.file);
    await this.pass(0);
  }

  async pass(seconds: number): Promise<void> {
    await this.house.clock.advance(seconds * 1_000);
  }

  async perform(act: Act): Promise<void> {
    const { world, house } = this;
    switch (act.act) {
      case 'order':
        await this.order(ORDERS[act.what](act.task), crowd[act.by] ?? crowd[0]);
        break;
      case 'help':
        for (let times = 0; times < act.times; times += 1) await this.help();
        break;
      case 'time':
        await this.pass(act.seconds);
        break;
      case 'jam':
        world.blockedNames.add(act.task);
        break;
      case 'free':
        world.blockedNames.delete(act.task);
        break;
      case 'late':
        world.lateNames.set(act.task, 2);
        break;
      case 'fault':
        world.faults.set(act.task, act.fault);
        break;
      case 'disk full':
        this.disk.refuses = act.times;
        break;
      case 'lock lost': {
        house.state.prepare('UPDATE lease SET expires_at = 0').run();
        const thief = { installation: 'another', run: 1 };
        if (act.toAnother) {
          const { lease } = await house.locks
            .acquire('toy', 5_000, thief)
            .catch(() => ({ lease: undefined }));
          await this.pass(25);
          await lease?.release();
        }
        break;
      }
      case 'crash':
        this.disk.refuses = 0;
        house.die();
        world.clock = fastClock((house.clock.now() + act.gapSeconds * 1_000) as never, { jumps: false });
        this.house = new ToyHouse(this.folder, world, { disk: this.disk });
        this.file = await this.house.load(this.file.state.run, this.prepared);
        await this.house.recover(this.file);
        void this.house.drive(this.file);
        break;
    }
    await this.pass(0);
  }

  /** With a full disk an order is lost, and its giver told so. */
  async order(order: Order, by: Caller): Promise<void> {
    try {
      await this.house.order(this.file, order, by);
    } catch (error) {
      if (!(error instanceof JournalUnwritable)) throw error;
    }
  }

  async help(): Promise<void> {
    for (const { order, by } of helpfulOrders(this.file.state)) await this.order(order, by);
    await this.pass(0.2);
  }

  /** Everything is mended and everybody helps. */
  async end(): Promise<void> {
    this.world.blockedNames.clear();
    this.world.faults.clear();
    this.disk.refuses = 0;
    for (let times = 0; times < 150 && this.file.state.stage !== 'ended'; times += 1) {
      await this.help();
      if (times % 10 === 9) await this.pass(30);
    }
  }

  async broken(): Promise<string[]> {
    const { state } = this.file;
    const entries = await this.house.journal.read(state.run);
    expect(foldRun(entries)).toEqual(state);
    return [...brokenLaws(this.prepared, entries), ...blindWrites(this.world)];
  }

  close(): void {
    this.house.close();
    this.folder[Symbol.dispose]();
  }
}

test('whatever people say and whatever fails, no law is broken, and helpful people always bring a run to its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const play = new Play();
      try {
        await play.begin();
        for (const one of acts) {
          if (play.file.state.stage === 'ended') break;
          await play.perform(one);
        }
        expect(await play.broken()).toEqual([]);
        await play.end();
        expect(await play.broken()).toEqual([]);
        const { ended, rollback } = play.file.state;
        expect(ended).toBeDefined();
        // What was begun and then aborted is taken back to the last switch; what was not, is all on unless skipped.
        if (ended?.result === 'ABORTED') expect(play.world.on).toEqual([]);
        if (ended?.result === 'PASS') expect(play.world.on).toEqual([...SWITCHES]);
        if (rollback !== undefined) expect(ended?.result).toBe('ABORTED');
      } finally {
        play.close();
      }
    }),
    { numRuns: 100 },
  );
}, 120_000);
