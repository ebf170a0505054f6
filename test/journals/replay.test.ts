import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { evolve } from '../../src/runner/evolve.js';
import type { Recorded } from '../../src/runner/journal.js';
import { readOnlyPeriod } from '../../src/runner/read-only-period.js';
import type { RunState } from '../../src/runner/run-state.js';
import { journalLines, type SalState } from '../../src/sal/journal-lines.js';
import { instant, isoSeconds } from '../../src/domain/instant.js';

/** Only what a journal alone does not say: a runbook may have changed a lot since. */
const window = { opens: '02-set-read-only', closes: '07-set-read-write', budget: 180_000 };

function journalOf(file: string): Recorded[] {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);
}

function foldAll(journal: readonly Recorded[]): RunState {
  const state = journal.reduce<RunState | undefined>(evolve, undefined);
  if (state === undefined) throw new Error('a journal begins with a request');
  return state;
}

/** What people ask of an old run. */
function summary(state: RunState): object {
  const period = readOnlyPeriod({ window }, state);
  const ends = Object.values(state.tasks).map((task) => task.end ?? 'open');
  return {
    run: `${state.runbook} ${state.description} (${state.mode}), ${state.requestedBy.person} and ${state.operator}`,
    result: `${state.ended?.result ?? ''}: ${state.ended?.because ?? ''}`,
    from: isoSeconds(state.requestedAt),
    to: isoSeconds(state.ended?.at ?? instant(0)),
    phases: Object.keys(state.phases).join(' '),
    tasks: Object.fromEntries(
      [...new Set(ends)].sort().map((end) => [end, ends.filter((one) => one === end).length]),
    ),
    readOnly: period === undefined ? 0 : (period.endedAt ?? NaN) - period.startedAt,
    gates: state.gates.map(
      ({ for: what, settled, votes }) =>
        `${what.kind}: ${settled?.verdict ?? 'open'} by ${votes.map((vote) => vote.by.person).join(' and ')}`,
    ),
    recoveries: state.recoveries,
    alarms: state.alarms,
  };
}

const folder = import.meta.dirname;
const journals = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

test('there are journals of a live run, a rehearsal, a dry run and one that was taken back', () => {
  expect(journals).toEqual(
    expect.arrayContaining(['aborted', 'dry-run', 'live', 'live-test'].map((name) => `0.1.0-${name}.jsonl`)),
  );
});

test.each(journals)('the journal %s means what it meant when it was recorded', (file) => {
  const meant: unknown = JSON.parse(
    readFileSync(join(folder, file.replace(/\.jsonl$/, '.expected.json')), 'utf8'),
  );
  const state = foldAll(journalOf(file));
  expect(summary(state)).toEqual(meant);
  expect(Object.values(state.tasks).filter((task) => task.forward.running !== undefined)).toEqual([]);
});

test.each(journals)('the log can be made of %s again: one beginning, one end, in the order of the run', (file) => {
  const context = { window, salText: () => undefined };
  let said: SalState | undefined;
  const texts = journalOf(file).flatMap((recorded) => {
    const { state, lines } = journalLines(said, recorded, context);
    said = state;
    return lines.map(({ text }) => text.replace('[NON-PRIMARY-DC] ', ''));
  });
  const ofTheRun = texts.filter((text) => /^(START|END \(\w+\)) - switchdc mediawiki for /.test(text));
  const isDry = file.includes('dry-run');
  expect(ofTheRun.map((text) => text.split(' ')[0])).toEqual(isDry ? [] : ['START', 'END']);
  const readOnly = texts.filter((text) => text.startsWith('MediaWiki read-only period'));
  expect(readOnly.map((text) => text.split(' ')[3])).toEqual(isDry ? [] : ['starts', 'ends']);
});
