import { setMaxListeners } from 'node:events';
import { appends } from './appends.js';
import { coldStart } from './cold-start.js';
import { machine } from './machine.js';
import { memoryAfter } from './memory.js';
import { orchestration } from './orchestration.js';

/** Figures beside their floors, all from this one run: trust the ratios, not the milliseconds. */
const RUNS = 100;

setMaxListeners(0);
const results = {
  machine: machine(),
  coldStart: await coldStart(),
  orchestration: await orchestration(),
  appends: await appends(),
  memory: memoryAfter(RUNS),
};
process.stdout.write(
  process.argv.includes('--json') ? `${JSON.stringify(results)}\n` : `${table(results)}\n`,
);

function table({
  machine: on,
  coldStart: cold,
  orchestration: run,
  appends: append,
  memory,
}: typeof results): string {
  const rows: [what: string, ours: string, floor: string, ratio: string][] = [
    ['', 'ours', 'floor', 'ratio'],
    [
      'command `help`, cold',
      ms(cold.helpMs),
      `${ms(cold.bareNodeMs)} bare Node`,
      ratio(cold.helpMs, cold.bareNodeMs),
    ],
    [
      'service until ready, cold',
      ms(cold.serviceReadyMs),
      `${ms(cold.bareNodeMs)} bare Node`,
      ratio(cold.serviceReadyMs, cold.bareNodeMs),
    ],
    [
      `one task of ${run.tasks}, no waits`,
      ms(run.msPerTask),
      `${ms(run.rawMsPerTask)} raw inserts`,
      ratio(run.msPerTask, run.rawMsPerTask),
    ],
    [
      'durable appends',
      `${Math.round(append.journalPerSecond)}/s`,
      `${Math.round(append.rawPerSecond)}/s raw inserts`,
      ratio(append.journalPerSecond, append.rawPerSecond),
    ],
    [
      `memory after ${memory.runs} runs`,
      `${Math.round(memory.rssMiB)} MiB`,
      `${Math.round(memory.bareNodeMiB)} MiB bare Node`,
      ratio(memory.rssMiB, memory.bareNodeMiB),
    ],
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const { cpu, cores, memoryGiB, node, kernel } = on;
  return [`${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${kernel}`, ...lines].join('\n');
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
}

function ratio(ours: number, floor: number): string {
  return `${(ours / floor).toFixed(2)} ×`;
}
