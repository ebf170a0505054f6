import { describe, expect, test } from '@jest/globals';
import type { Installation } from '../../../src/domain/installation.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import type { Mode } from '../../../src/runbook/mode.js';
import { resolvePhases } from '../../../src/runbook/resolve.js';
import { embeddedDefaults } from '../../../src/config/embedded-defaults.js';
import { installationOf } from '../../../src/config/installation-of.js';
import { defaultOperations } from '../../../src/simulation/default-operations.js';
import { violations } from '../../../src/simulation/world-law.js';
import { mediawikiRunbook } from '../../../runbooks/mediawiki/index.js';
import type { MediaWikiParams } from '../../../runbooks/mediawiki/params.js';
import { type Acting, acts, isOwedOnceReached } from '../../support/small-runbook.js';
import { type SimulatedPair, simulatedPair } from '../../support/simulated-pair.js';
import { type Walked, Walker } from '../../support/walk.js';

const installation: Installation = installationOf(embeddedDefaults('root'));
const { northern, southern } = installation.datacenters;
const runbook = mediawikiRunbook({
  installation,
  operations: defaultOperations(),
  gates: {},
  notBeforeOf: () => undefined,
});

function tasksOf(mode: Mode, params: Partial<MediaWikiParams> = {}): Acting[] {
  const parsed = runbook.parse({ from: southern, to: northern, ...params });
  if (!parsed.ok) throw new Error(parsed.problem);
  return resolvePhases(runbook.phases(parsed.params, mode), mode, 'planned').flatMap(({ tasks }) =>
    tasks.filter(acts),
  );
}

const openPair = (mode: Mode, primary: DatacenterName): Promise<SimulatedPair> =>
  simulatedPair({
    installation,
    primary,
    mode,
    from: southern,
    to: northern,
    locks: runbook.locks({ from: southern, to: northern, roReason: 'x', order: 'strict', emergency: false }),
  });

/** Walks tasks in order; every one has to hold. */
async function walkAll(walker: Walker, tasks: readonly Acting[]): Promise<Map<string, Walked>> {
  const results = new Map<string, Walked>();
  for (const task of tasks) {
    const walked = await walker.walk(task.id, task.step);
    expect([
      task.id,
      walked.finding.kind,
      walked.finding.kind === 'holds' ? [] : walked.finding.evidence,
    ]).toEqual([task.id, 'holds', []]);
    results.set(task.id, walked);
  }
  return results;
}

describe('on the simulated pair of datacenters, with the permit and the locks of a run', () => {
  test('a live run moves the primary role; no edit is lost and nobody is shown a database error', async () => {
    await using pair = await openPair('live', southern);
    const results = await walkAll(new Walker(pair), tasksOf('live'));
    expect(violations({ mode: 'none', primary: northern }, pair.world.facts())).toEqual([]);
    expect(pair.world.counts()).toMatchObject({ lost: 0, databaseErrors: 0 });
    const window = [
      '02-set-read-only',
      '02-drain-edits',
      '03-set-db-read-only',
      '03-wait-until-in-sync',
      '04-set-primary',
      '04-depool-from',
      '06-set-db-read-write',
      '07-set-read-write',
    ];
    const took = window.reduce((sum, id) => sum + (results.get(id)?.took ?? 0), 0);
    expect(took).toBeLessThan(installation.wiki.readOnlyBudget / 4);
  });

  test('a recursor that does not answer is told, and stops nothing', async () => {
    await using pair = await openPair('live', southern);
    const host = 'dns2004.codfw.wmnet';
    pair.world.faults.cause({ kind: 'host-unreachable', host });
    const results = await walkAll(new Walker(pair), tasksOf('live'));
    expect(results.get('08-wipe-recursor-caches')?.finding.evidence).toEqual([
      expect.objectContaining({ about: host, seen: 'unreachable: connection timed out', warning: true }),
    ]);
    expect(pair.world.look().datacenters.map(({ jobRunnersBehind }) => jobRunnersBehind)).toEqual([0, 0]);
  });

  test('taken back from 06, the old primary is the primary, and no edit is lost', async () => {
    await using pair = await openPair('live', southern);
    const walker = new Walker(pair);
    const tasks = tasksOf('live').filter(({ phase }) => Number(phase) <= 6);
    const results = await walkAll(walker, tasks);
    for (const task of tasks
      .filter((one) => results.get(one.id)?.applied || isOwedOnceReached(one))
      .reverse()) {
      const back = await walker.back(task.id, task.rollback);
      expect([
        task.id,
        back?.finding.kind ?? 'holds',
        back?.finding.evidence.filter(() => back.finding.kind !== 'holds'),
      ]).toEqual([task.id, 'holds', back && []]);
    }
    expect(violations({ mode: 'none', primary: southern }, pair.world.facts())).toEqual([]);
    expect(pair.world.look().datacenters.map(({ jobRunnersBehind }) => jobRunnersBehind)).toEqual([0, 0]);
    expect(pair.world.counts()).toMatchObject({ lost: 0, databaseErrors: 0 });
  });

  test('a live test towards the primary is lawful at every change of the world', async () => {
    await using pair = await openPair('live-test', northern);
    await walkAll(new Walker(pair), tasksOf('live-test'));
    const history = pair.world.factsHistory();
    expect(history.length).toBeGreaterThan(4);
    for (const facts of history)
      expect(facts).toMatchObject({ readOnly: { [northern]: false }, primary: northern });
    expect(violations({ mode: 'none', primary: northern }, pair.world.facts())).toEqual([]);
    expect(pair.world.counts()).toMatchObject({ lost: 0, refused: 0, databaseErrors: 0 });
  });
});
