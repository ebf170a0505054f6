import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { role } from '../../../src/domain/names.js';
import { refuseMistakes } from '../../../src/runbook/refuse-mistakes.js';
import { type ManualTask, type Task, isManual } from '../../../src/runbook/task.js';
import { goNoGo, allTasks, northward, smallRunbook } from '../../support/small-runbook.js';

const runbook = smallRunbook();
const phases = runbook.phases(northward, 'live');

test('phases are those of the field, in order, with its own task names', () => {
  expect(
    phases.map(({ id, urgent, tasks }) => [id, urgent ? 'urgent' : 'calm', tasks.map((task) => task.id)]),
  ).toEqual([
    [
      '0',
      'calm',
      [
        '00-begin-status-page-maintenance',
        '00-lock-deployments',
        '00-disable-puppet',
        '00-look-at-app-server-weights',
        '00-look-at-database-maintenance',
        '00-check-job-runners',
        '00-reduce-ttl',
        '00-wait-for-old-ttl',
        '00-agree-to-warm-up',
        '00-warm-up-caches',
        '00-downtime-read-only-checks',
      ],
    ],
    ['1', 'calm', ['01-stop-periodic-jobs', '01-kill-maintenance-scripts']],
    ['2', 'urgent', ['02-set-read-only', '02-drain-edits']],
    ['3', 'urgent', ['03-check-to-databases-read-only', '03-set-db-read-only', '03-wait-until-in-sync']],
    ['4', 'urgent', ['04-pool-to', '04-set-primary', '04-depool-from']],
    ['5', 'urgent', []],
    ['6', 'urgent', ['06-set-db-read-write']],
    ['7', 'urgent', ['07-set-read-write']],
    [
      '8',
      'calm',
      [
        '08-wipe-recursor-caches',
        '08-restart-job-runners',
        '08-enable-puppet',
        '08-run-puppet',
        '08-end-status-page-maintenance',
      ],
    ],
    [
      '9',
      'calm',
      [
        '09-restore-ttl',
        '09-remove-stale-confd-errors',
        '09-update-database-dns',
        '09-run-puppet-on-primaries',
        '09-remove-downtimes',
        '09-remove-banner',
        '09-unlock-deployments',
        '09-reorder-debug-json',
        '09-update-geo-maps-default',
        '09-update-maintenance-host-dns',
      ],
    ],
    ['10', 'calm', ['10-check-editing', '10-check-recent-changes', '10-watch-mail-queue']],
  ]);
});

test('there is no mistake in the runbook, also with the roles of people', () => {
  const roles = [
    'operator',
    'dba',
    'traffic',
    'service-operations',
    'release-engineering',
    'community-relations',
  ].map(role);
  expect(refuseMistakes({ ...runbook, phases, roles })).toEqual([]);
});

test('every task has a file of its own name', () => {
  const files = readdirSync(new URL('../../../runbooks/mediawiki', import.meta.url)).filter((name) =>
    /^\d/.test(name),
  );
  expect(files.map((name) => name.replace(/\.ts$/, '')).sort()).toEqual(
    allTasks()
      .map(({ id }) => id)
      .sort(),
  );
});

test('inside a phase only these tasks wait for another', () => {
  const order = allTasks().flatMap(({ id, after }) =>
    (after ?? []).map(({ task, once }) => `${id} once ${task} is ${once}`),
  );
  expect(order).toEqual([
    '00-wait-for-old-ttl once 00-reduce-ttl is verified',
    '00-warm-up-caches once 00-agree-to-warm-up is verified',
    '01-kill-maintenance-scripts once 01-stop-periodic-jobs is verified',
    '02-drain-edits once 02-set-read-only is verified',
    '03-set-db-read-only once 03-check-to-databases-read-only is verified',
    '03-wait-until-in-sync once 03-set-db-read-only is verified',
    '04-set-primary once 04-pool-to is applied',
    '04-depool-from once 04-set-primary is applied',
    '08-restart-job-runners once 08-wipe-recursor-caches is verified',
    '08-run-puppet once 08-enable-puppet is verified',
    '09-remove-downtimes once 09-run-puppet-on-primaries is verified',
    '09-reorder-debug-json once 09-unlock-deployments is verified',
  ]);
});

test('merged order shares the proof of phase 4 with phase 7, and changes nothing else', () => {
  const provenBy = (order: 'strict' | 'merged'): string[] =>
    allTasks({ order }).flatMap((task) =>
      isManual(task) || task.provenBy === undefined ? [] : [`${task.id}: ${task.provenBy}`],
    );
  expect(provenBy('strict')).toEqual([]);
  expect(provenBy('merged')).toEqual(['04-pool-to: 7', '04-set-primary: 7', '04-depool-from: 7']);
  expect(allTasks({ order: 'merged' }).map(({ id }) => id)).toEqual(allTasks().map(({ id }) => id));
});

test('what a live test and an emergency leave out is known by name', () => {
  const skippedIn = (answer: 'inLiveTest' | 'inEmergency'): string[] =>
    allTasks()
      .filter((task) => task[answer] === 'skip')
      .map(({ id }) => id);
  expect(skippedIn('inLiveTest')).toEqual([
    '00-begin-status-page-maintenance',
    '03-check-to-databases-read-only',
    '08-end-status-page-maintenance',
    '09-update-database-dns',
    '09-remove-banner',
    '09-reorder-debug-json',
    '09-update-geo-maps-default',
    '09-update-maintenance-host-dns',
    '10-watch-mail-queue',
  ]);
  expect(skippedIn('inEmergency')).toEqual([
    '00-look-at-app-server-weights',
    '00-look-at-database-maintenance',
    '00-reduce-ttl',
    '00-wait-for-old-ttl',
    '00-agree-to-warm-up',
    '00-warm-up-caches',
    '00-downtime-read-only-checks',
    '09-remove-downtimes',
    '09-remove-banner',
    '09-reorder-debug-json',
    '09-update-geo-maps-default',
  ]);
});

test('the prescribed line for the DNS of database primaries is kept to the letter', () => {
  const manual = allTasks().find(({ id }) => id === '09-update-database-dns') as ManualTask;
  expect(manual.salText).toBe('Phase 9.5 Update DNS records for new database masters');
});

test('only 07 and killed scripts cannot be taken back; every reason is a sentence for people', () => {
  const impossible = allTasks().filter(({ rollback }) => 'impossible' in rollback);
  expect(impossible.map(({ id }) => id)).toEqual(['01-kill-maintenance-scripts', '07-set-read-write']);
  for (const { rollback } of allTasks()) {
    const words =
      'impossible' in rollback
        ? rollback.impossible
        : 'needless' in rollback
          ? rollback.needless
          : 'a step of its own';
    expect(words.length).toBeGreaterThan(8);
  }
});

describe('explanations', () => {
  /** Each text of each task, and of its live-test answer and its way back. */
  const texts = allTasks().flatMap((task): [string, string][] => {
    const steps: [string, Task['explain']][] = [[task.id, task.explain]];
    if (!isManual(task)) {
      if (typeof task.inLiveTest === 'object')
        steps.push([`${task.id} in a live test`, task.inLiveTest.explain]);
      if ('explain' in task.rollback) steps.push([`${task.id} taken back`, task.rollback.explain]);
    }
    return steps.flatMap(([name, explain]) =>
      Object.entries(explain).map(([word, text]): [string, string] => [`${name}: ${word}`, String(text)]),
    );
  });

  test.each(texts)('%s is a text of whole sentences', (_name, text) => {
    expect(text.trim().length).toBeGreaterThan(20);
    expect(text).toMatch(/[.!?]$/);
    expect(text).not.toMatch(/undefined|\[object|NaN|\{(dc|from|to|reason)\}/);
  });

  test('tell how to look by hand with a command wherever something is changed', () => {
    const acting = allTasks().filter(
      (task) => !isManual(task) && /^0[0-9]-(set|pool|depool|reduce|restore)/.test(task.id),
    );
    expect(acting.length).toBeGreaterThan(7);
    for (const { explain } of acting) expect(explain.checkByHand).toMatch(/confctl|dig @|mysql -e|curl -s/);
  });
});

describe('the runbook as a whole', () => {
  test('the read-only window opens with 02 and closes with 07, from where on there is no way back', () => {
    expect(runbook.window).toEqual({
      opens: '02-set-read-only',
      closes: '07-set-read-write',
      budget: 180_000,
    });
    expect(runbook.pointOfNoReturn).toMatchObject({ task: '07-set-read-write' });
  });

  test('locks are named by what is written', () => {
    expect(runbook.locks(northward)).toEqual(['mediawiki', 'discovery', 'database/s2', 'database/s1']);
  });

  test('is described by its direction', () => {
    expect(runbook.describe(northward)).toBe('for datacenter switchover from south to north');
  });

  test('asks GO/NOGO where the configuration has it', () => {
    expect(phases.filter(({ gate }) => gate === goNoGo).map(({ id }) => id)).toEqual(['1', '2']);
  });

  test('read-only does not begin before the announced time; a live test does not wait for it', () => {
    const attached = { ...northward, event: '2026-northward', notBefore: '2026-03-25T14:00:00Z' };
    const waits = (mode: 'live' | 'live-test'): (string | number)[][] =>
      runbook
        .phases(attached, mode)
        .flatMap(({ id, notBefore }) => (notBefore === undefined ? [] : [[id, notBefore]]));
    expect(waits('live')).toEqual([['2', Date.UTC(2026, 2, 25, 14)]]);
    expect(waits('live-test')).toEqual([]);
  });

  test('chosen tasks run alone, in the order of the runbook', () => {
    const only = ['06-set-db-read-write', '03-set-db-read-only'];
    const chosen = runbook.phases({ ...northward, only }, 'live-test');
    expect(chosen.map(({ id, tasks }) => [id, tasks.map((task) => task.id)])).toEqual([
      ['3', ['03-set-db-read-only']],
      ['6', ['06-set-db-read-write']],
    ]);
    expect(() => runbook.phases({ ...northward, only }, 'live')).toThrow(/cannot be run alone in a live run/);
  });
});
