import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../../lab/lab.js';
import { helpAlong } from '../../support/help-along.js';
import { LabWatch } from '../../support/lab-watch.js';
import { editsOf, hasBegun, untroubled, writingEditors } from '../../support/lab-story.js';
import { commandLine, hasBegunOnDisk, journalOnDisk, RealService } from '../../support/real-service.js';
import { RunningService } from '../../support/running-service.js';
import { onOneLab } from '../../support/on-one-lab.js';

const LONG = 300_000;

const isFull = process.env['SWITCHDC_CRASH_MATRIX'] === 'full';
const phases = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
/** A run that was taken up in its read-only window three times does not go on by itself the fourth time. */
const matrix = isFull
  ? phases.map((phase) => [phase])
  : [0, 1].map((first) => phases.filter((_, index) => index % 2 === first));

let lab: Lab;
onOneLab((opened) => {
  lab = opened;
});

const recordsOf = (name: string): string => lab.ground.folderFor('services', name);

test.each(matrix.map((deaths) => ({ deaths, when: deaths.join(', ') })))(
  'the service is killed with SIGKILL as each of these phases begins: $when; started again it goes on by itself and the run passes',
  async ({ deaths }) => {
    const data = recordsOf(`killed-${deaths.join('-')}`);
    const flags = ['--config', lab.configFile];
    await using watch = new LabWatch(lab);
    await using editors = await writingEditors(lab);
    let service = new RealService(data, flags);
    try {
      await askForRun(service, data);
      for (const phase of deaths) {
        await killedIn(service, data, phase);
        service = new RealService(data, flags);
      }
      await service.helped(({ ended }) => ended !== undefined);
      expect(await service.end()).toBe(0);
    } finally {
      await service.kill();
    }

    const entries = journalOnDisk(data);
    const kinds = entries.map(({ entry }) => entry.kind);
    expect(kinds.filter((kind) => kind === 'recovered')).toHaveLength(deaths.length);
    expect(kinds).not.toContain('run-held');
    expect(kinds).not.toContain('task-stuck');
    const result = (entries.at(-1)?.entry as { result?: string }).result;
    const edits = await editsOf(lab, editors, lab.settings.secondary, entries);
    const breaches = await watch.breaches(entries, editors.edits);
    expect({ result, ...edits, breaches }).toEqual({ result: 'PASS', ...untroubled });

    const { output } = await commandLine(['sal', '--limit', '500', '--json', '--data', data, ...flags]);
    const logged = JSON.parse(output) as { message: string }[];
    for (const words of [
      /^START - switchdc mediawiki for datacenter switchover/,
      /^MediaWiki read-only period starts at: /,
      /^MediaWiki read-only period ends at: /,
      /^END \(PASS\) - switchdc mediawiki for datacenter switchover/,
    ])
      expect(logged.filter(({ message }) => words.test(message))).toHaveLength(1);
  },
  LONG,
);

test(
  'the disk becomes full in read-only: nothing begins any more and people are told; with space again the run goes on by itself and passes',
  async () => {
    const data = recordsOf('full-disk');
    await using watch = new LabWatch(lab);
    await using editors = await writingEditors(lab);
    await using service = await RunningService.start(data, { config: lab.configFile });
    service.say('/as alice');
    // Again where the world could not be looked at, as on a machine that is too busy to answer.
    for (let said = ''; !said.includes('Run 1 mediawiki');) {
      service.say('start --task T12345 --emergency');
      said = await service.until(/Run 1 mediawiki|cannot be looked at/);
    }
    service.say('/as bob', 'approve 1', '/as alice');
    await helpAlong(service, /READ-ONLY starts at/);
    const limit = (size: string): void => {
      execFileSync('prlimit', [`--pid=${service.child.pid ?? 0}`, `--fsize=${size}:unlimited`]);
    };
    limit(String(statSync(path.join(data, 'switchdc.db-wal')).size));
    await service.until(/ALARM: Run 1 cannot go on: the journal cannot be written/);
    const seq = journalOnDisk(data).length;
    service.say('why 1');
    await service.until(/; since \d\d:\d\d:\d\d UTC/);
    expect(journalOnDisk(data)).toHaveLength(seq);

    limit('unlimited');
    await service.until(/The journal can be written again: run 1 goes on/);
    await helpAlong(service, /Run 1: (PASS|FAIL|ABORTED)/);
    expect(await service.end()).toMatchObject({ code: 0 });
    const entries = journalOnDisk(data);
    const result = (entries.at(-1)?.entry as { result?: string }).result;
    const edits = await editsOf(lab, editors, lab.settings.secondary, entries);
    const breaches = await watch.breaches(entries, editors.edits);
    expect({ result, ...edits, breaches }).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);

/** Asks for the run; again where the world could not be looked at, as on a machine that is too busy to answer. */
async function askForRun(service: RealService, data: string): Promise<void> {
  while (!service.output.includes('switchdc is ready')) await sleep(20);
  for (let asked = 1; journalOnDisk(data).length === 0; asked += 1) {
    service.say('alice', 'start --task T12345 --emergency');
    // Lines from a pipe are answered one after the other.
    service.say('alice', 'whoami');
    while (service.output.split('You are alice').length <= asked + 1) await sleep(20);
  }
}

/** People help the run until the phase begins, at which the process is killed. */
async function killedIn(service: RealService, data: string, phase: string): Promise<void> {
  const over = new AbortController();
  const killed = (async () => {
    // Once it has greeted, its files are there.
    while (!over.signal.aborted && (service.output === '' || !hasBegunOnDisk(data, phase))) await sleep(5);
    await service.kill();
  })();
  try {
    // Whoever helps hears of each entry from what the service says, a little late: the kill must not wait for that.
    await service.helped(hasBegun(phase)).catch((error: unknown) => {
      if (!hasBegunOnDisk(data, phase)) throw error;
    });
  } finally {
    over.abort();
    await killed;
  }
}
