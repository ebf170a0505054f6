import type { Machine } from '../machine.js';
import type { EditorsSaw, MeasuredLab } from './measured-lab.js';
import type { TaskTime, Window } from './window.js';

/** By the lifetime of the wiki's configuration cache, in seconds. */
export interface ReadOnlyFigures {
  readonly ttl10: MeasuredLab;
  readonly ttl1: MeasuredLab;
}

export function asJson(figures: ReadOnlyFigures): unknown {
  const ours = ({ took, necessary }: Window) => ({
    window_s: rounded(took),
    necessary_s: rounded(necessary),
  });
  const lab = ({ classic, strict, merged }: MeasuredLab) => ({
    classic: { window_s: rounded(classic.window) },
    strict: ours(strict),
    merged: ours(merged),
  });
  const { classic, strict } = figures.ttl10;
  const saw = Object.values(figures).flatMap((one: MeasuredLab) => everybody(one));
  return {
    ttl10: lab(figures.ttl10),
    ttl1: lab(figures.ttl1),
    databases: { classic_s: rounded(classic.databases), ours_s: rounded(strict.databases) },
    lost_edits: sum(saw.map(({ lost }) => lost)),
    database_errors: sum(saw.map(({ databaseErrors }) => databaseErrors)),
  };
}

export function asText({ cpu, cores, memoryGiB, node, kernel }: Machine, figures: ReadOnlyFigures): string {
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${kernel}`,
    ...[figures.ttl10, figures.ttl1].map(labText),
    sectionsText(figures),
  ].join('\n\n');
}

/** Whether the databases take longer the more sections there are: the two labs have different numbers of them. */
function sectionsText({ ttl10, ttl1 }: ReadOnlyFigures): string {
  const times = (of: (lab: MeasuredLab) => number): string =>
    [ttl10, ttl1].map((lab) => `${s(of(lab))} with ${lab.sections} sections`).join(', ');
  return [
    `databases (03 and 06), strict order: ${times(({ strict }) => strict.databases)}`,
    `databases (03 and 06), classic: ${times(({ classic }) => classic.databases)}`,
  ].join('\n');
}

function labText(lab: MeasuredLab): string {
  const { classic, strict, merged } = lab;
  const summary = [
    [
      '',
      'read-only',
      '× classic',
      'necessary',
      'above',
      'of it policy',
      'databases',
      '× classic',
      'edits',
      'lost',
      'errors',
      'gap',
    ],
    ['classic', s(classic.window), '', '', '', '', s(classic.databases), '', ...edits(classic.editors)],
    ...(['strict', 'merged'] as const).map((order) => {
      const own = lab[order];
      return [
        order,
        s(own.took),
        (own.took / classic.window).toFixed(2),
        s(own.necessary),
        s(own.took - own.necessary),
        s(own.policy),
        s(own.databases),
        (own.databases / classic.databases).toFixed(3),
        ...edits(own.editors),
      ];
    }),
  ];
  return [
    `Configuration cache ${s(lab.lifetime, 0)}, ${lab.sections} sections; DNS servers follow the store in ${s(lab.dnsFollow)} (idle)`,
    ...columns(summary),
    '',
    ...orderText('strict', strict),
    '',
    ...orderText('merged', merged),
    '',
    `classic: ${classic.steps.map(({ name, took }) => `${name} ${s(took, 1)}`).join(', ')}`,
  ].join('\n');
}

function orderText(name: string, window: Window): string[] {
  const { took, necessary } = window;
  const header = [`${name}: task`, 'from', 'took', 'necessary', 'above', 'of it policy', 'noticed within'];
  const row = ({
    task,
    from,
    took: own,
    necessary: needed,
    policy,
    provenWith,
    noticedWithin,
  }: TaskTime): string[] => [
    provenWith === undefined ? task : `${task} (proven with ${provenWith})`,
    s(from),
    s(own),
    s(needed),
    s(own - needed),
    s(policy),
    noticedWithin === undefined ? '' : s(noticedWithin),
  ];
  const total = ['the window', '', s(took), s(necessary), s(took - necessary), s(window.policy), ''];
  return columns([header, ...window.tasks.map(row), total]);
}

const everybody = ({ strict, classic, merged }: MeasuredLab): EditorsSaw[] =>
  [strict, classic, merged].map(({ editors }) => editors);

const edits = ({ acknowledged, lost, databaseErrors, longestGap }: EditorsSaw): string[] => [
  String(acknowledged),
  String(lost),
  String(databaseErrors),
  s(longestGap),
];

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? '').length)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

const s = (ms: number, digits = 2): string => `${(ms / 1_000).toFixed(digits)} s`;
const rounded = (ms: number): number => Number((ms / 1_000).toFixed(3));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
