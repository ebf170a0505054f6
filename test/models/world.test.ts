import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { section } from '../../src/domain/names.js';
import { instant } from '../../src/domain/instant.js';
import type { Mode } from '../../src/runbook/mode.js';
import { foldRun } from '../../src/runner/evolve.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import type { Fault } from '../../src/simulation/fault.js';
import { helpfulLines } from '../support/full-crowd.js';
import { FROM, FullHouse, TO } from '../support/full-house.js';
import { brokenWorldLaws } from '../support/full-law.js';
import { settledWorld, type SettledWorld } from '../support/settled-world.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { brokenLaws } from '../support/toy-laws.js';
import { copyDisk } from '../support/watched-files.js';

type Act =
  | { readonly act: 'say'; readonly by: string; readonly line: string }
  | { readonly act: 'help'; readonly times: number }
  | { readonly act: 'until'; readonly phase: string }
  | { readonly act: 'time'; readonly seconds: number }
  | { readonly act: 'break'; readonly fault: Fault }
  | { readonly act: 'mend' }
  | { readonly act: 'kill'; readonly gapSeconds: number };

const tasks = fc.constantFrom(
  '00-lock-deployments',
  '00-reduce-ttl',
  '01-stop-periodic-jobs',
  '02-set-read-only',
  '03-set-db-read-only',
  '03-wait-until-in-sync',
  '04-depool-from',
  '06-set-db-read-write',
  '07-set-read-write',
  '09-restore-ttl',
);
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('approve 1', 'go 1', 'nogo 1', 'hold 1 --reason look', 'resume 1', 'take 1'),
  },
  { weight: 3, arbitrary: tasks.map((task) => `retry 1 ${task}`) },
  { weight: 1, arbitrary: tasks.map((task) => `skip ${task} --reason "by hand"`) },
  { weight: 1, arbitrary: tasks.map((task) => `done ${task}`) },
  { weight: 1, arbitrary: fc.constantFrom('abort 1 --reason enough', 'deny 1') },
);
const sections = fc.constantFrom(section('s1'), section('s4'), section('x1'));
const datacenters = fc.constantFrom(FROM, TO);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('replication-stuck' as const), section: sections }),
  fc.record({ kind: fc.constant('database-down' as const), section: sections, datacenter: datacenters }),
  fc.record({
    kind: fc.constant('app-server-stuck' as const),
    server: fc.constantFrom('mw1414.eqiad.wmnet', 'mw2415.codfw.wmnet'),
  }),
  fc.record({
    kind: fc.constantFrom('dns-server-stuck' as const, 'dns-server-down' as const),
    server: fc.constantFrom('ns0', 'ns2'),
  }),
  fc.record({
    kind: fc.constant('host-unreachable' as const),
    host: fc.constantFrom('mwmaint1002.eqiad.wmnet', 'deploy2002.codfw.wmnet', 'jobrunner2001.codfw.wmnet'),
  }),
  fc.record({
    kind: fc.constant('command-failing' as const),
    command: fc.constantFrom('disable-puppet', 'stop-periodic-jobs', 'run-puppet'),
  }),
  fc.constantFrom<Fault>(
    { kind: 'store-unavailable' },
    { kind: 'store-answer-lost' },
    { kind: 'disk-slow', delay: 300 },
  ),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('say' as const),
      by: fc.constantFrom('alice', 'bob', 'carol', 'erin'),
      line,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constant('help' as const), times: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('until' as const),
      phase: fc.constantFrom('0', '1', '2', '3', '4', '6', '7', '8', '9'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('time' as const),
      seconds: fc.constantFrom(0.005, 0.05, 0.4, 3, 12, 70, 400),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('break' as const), fault }) },
  { weight: 2, arbitrary: fc.constant({ act: 'mend' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('kill' as const), gapSeconds: fc.constantFrom(1, 100, 1_000) }),
  },
);

/** A run, its people, its misfortunes and its deaths. */
class Play {
  #lives = 0;
  #run = 1;

  private constructor(
    private readonly folder: ReturnType<typeof temporaryFolder>,
    public full: FullHouse,
    private readonly before: SettledWorld,
    private readonly written: object,
  ) {}

  static async begin(mode: Mode): Promise<Play> {
    const folder = temporaryFolder();
    const full = await FullHouse.open(folder.file('life-0'));
    const play = new Play(folder, full, await settledWorld(full), writtenBy(full));
    await full.start(mode === 'live' ? '' : `--${mode}`);
    return play;
  }

  async perform(act: Act): Promise<void> {
    const { full } = this;
    switch (act.act) {
      case 'say':
        await full.say(act.by, act.line);
        return;
      case 'help':
        for (let times = 0; times < act.times; times += 1) {
          const [first] = helpfulLines(await full.state(this.#run));
          if (first === undefined) await full.pass(200);
          else await full.say(first.by, first.says);
        }
        return;
      case 'until':
        // Nobody tries again and again what is still broken.
        await full.helpedWithin(
          this.#run,
          15 * 60_000,
          ({ phases }) => phases[act.phase] !== undefined,
          (state) => helpfulLines(state).filter(({ says }) => !says.startsWith('retry')),
        );
        return;
      case 'time':
        await full.pass(act.seconds * 1_000);
        return;
      case 'break':
        full.world.faults.cause(act.fault);
        return;
      case 'mend':
        full.world.faults.clear();
        return;
      case 'kill': {
        const next = this.folder.file(`life-${(this.#lives += 1)}`);
        copyDisk(full.folder, next);
        full.die();
        const clock = fastClock(instant(full.now() + act.gapSeconds * 1_000));
        this.full = await FullHouse.open(next, { clock });
        await this.full.takeUp();
      }
    }
  }

  async end(): Promise<void> {
    this.full.world.faults.clear();
    await this.full.helpedWithin(this.#run, 6 * 3_600_000);
  }

  /** What is broken of the laws, in words. */
  async broken(): Promise<string[]> {
    const { run, state } = await this.full.view(this.#run);
    const entries = await this.full.entries(this.#run);
    // The run may have gone on between the two looks.
    expect(foldRun(entries.filter(({ seq }) => seq <= state.seq))).toEqual(state);
    return [...brokenLaws(run, entries), ...(await brokenWorldLaws(this.full))];
  }

  /** Where a run has come to its end, how it left the world. */
  async checkEnd(mode: Mode): Promise<void> {
    const state = await this.full.state(this.#run);
    expect(state.ended).toBeDefined();
    const after = await settledWorld(this.full);
    expect(after.lost).toBe(0);
    if (mode === 'dry-run') expect(writtenBy(this.full)).toEqual(this.written);
    const ends = Object.values(state.tasks);
    const byHand = ends.some((task) => task.skipped !== undefined || task.backConfirmed !== undefined);
    if (byHand) return;
    if (mode === 'live' && state.ended?.result === 'PASS') expect(after.primary).toBe(TO);
    else expect(after).toEqual(this.before);
  }

  async close(): Promise<void> {
    await this.full.close();
    this.folder[Symbol.dispose]();
  }
}

/** How much has ever been written by somebody else than whoever broke things. */
function writtenBy({ files }: FullHouse): object {
  const inputs = "SELECT count(*) FROM input WHERE input ->> 'kind' NOT LIKE 'fault%'";
  return {
    revision: files.state.prepare('SELECT max(revision) FROM history').pluck().get(),
    leases: files.state.prepare('SELECT count(*) FROM lease').pluck().get(),
    inputs: files.world.prepare(inputs).pluck().get(),
  };
}

const RUNS = Number(process.env.SWITCHDC_MODEL_RUNS ?? 12);

test.each<Mode>(['live', 'live-test', 'dry-run'])(
  'whatever people say, whatever breaks or dies, a %s run breaks no law of the world, and helpful people end it',
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        const play = await Play.begin(mode);
        try {
          for (const one of acts) await play.perform(one);
          expect(await play.broken()).toEqual([]);
          await play.end();
          expect(await play.broken()).toEqual([]);
          await play.checkEnd(mode);
        } finally {
          await play.close();
        }
      }),
      { numRuns: mode === 'live' ? RUNS : Math.ceil(RUNS / 3) },
    );
  },
  20_000 + RUNS * 5_000,
);
