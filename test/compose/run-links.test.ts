import { expect, test } from '@jest/globals';
import { runLinks } from '../../src/compose/run-links.js';
import { instant } from '../../src/domain/instant.js';
import type { RunView } from '../../src/runner/runner.js';

const links = [
  { text: 'task', address: 'https://tasks.example.org/{task}' },
  { text: 'report', address: 'https://switchdc.example.org/{event}/{run}' },
  { text: 'graphs', address: 'https://graphs.example.org/d/switchover?from=a{b}' },
];
const notBefore = instant(Date.UTC(2026, 2, 25, 14));
const view = (state: object): RunView =>
  ({
    run: { phases: [{ id: '1' }, { id: '2', urgent: true, notBefore }] },
    state: { run: 41, reason: { text: 'a switchover' }, phases: {}, stage: 'running', ...state },
  }) as unknown as RunView;
const of = (state: object): readonly string[] =>
  runLinks({ chat: { links } } as never, view(state)).map(({ text, link }) => `${text}: ${link}`);

test('links show what the run is about, and when read-only begins', () => {
  expect(of({ reason: { task: 'T1/2' }, event: '2026-northward' })).toEqual([
    'read-only at 14:00:00 UTC in your zone: https://zonestamp.toolforge.org/1774447200',
    'task: https://tasks.example.org/T1%2F2',
    'report: https://switchdc.example.org/2026-northward/41',
    'graphs: https://graphs.example.org/d/switchover?from=a{b}',
  ]);
});

test('a link whose word the run lacks is left out, and so is a beginning that has passed', () => {
  const graphs = 'graphs: https://graphs.example.org/d/switchover?from=a{b}';
  expect(of({ phases: { '2': {} } })).toEqual([graphs]);
  expect(of({ stage: 'ended' })).toEqual([graphs]);
});
