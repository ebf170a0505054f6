import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabGround } from '../lab/lab-ground.js';
import { openSshHosts as openLabHosts } from '../lab/ssh-hosts.js';
import { systemClock } from '../src/domain/clock.js';
import type { SshHosts } from '../src/hosts/ssh/open-ssh-hosts.js';
import { type HostsBenchSpec, connectToFleet, fleetSpec, trueEverywhere } from './hosts-fleet.js';
import { type Machine, machine } from './machine.js';
import { median } from './median.js';
import { type RivalName, checkPackages, openRivals, rivalNames } from './ssh-rivals.js';

/**
 * `true` on hosts of a lab, by the adapter and by other tools in the same run, taking turns: trust the ratios, not the
 * milliseconds. Warm connections of the others are OpenSSH's own shared ones (ControlMaster).
 */
const FLEET = 200;
const SIZES = [1, 10, 50, FLEET] as const;
const WARM_ROUNDS = 5;
const COLD_ROUNDS = 5;
const BACK_TO_BACK = 100;
/** For all of them: with defaults, the difference would mostly be OpenSSH's post-quantum exchange. */
const KEY_EXCHANGE = 'curve25519-sha256';

type Tool = 'ours' | RivalName;
/** Medians, in milliseconds. */
type Figures = Readonly<Record<Tool, number>>;
const tools: readonly Tool[] = ['ours', ...rivalNames];

const here = path.dirname(fileURLToPath(import.meta.url));
checkPackages(path.join(here, '..', '..', 'bench', 'packages.txt'));
await using ground = await LabGround.open();
const names = Array.from({ length: FLEET }, (_, index) => `db${1001 + index}.eqiad.wmnet`);
const lab = await openLabHosts(ground, { hosts: names });
const spec = fleetSpec(lab, KEY_EXCHANGE);
const rivals = openRivals(ground, lab, KEY_EXCHANGE);
const clock = systemClock();

const cold = await inTurns(COLD_ROUNDS, async (tool) =>
  tool === 'ours' ? [await coldRun()] : [await rivals.run(tool, FLEET, 'cold')],
);
await using hosts = connectToFleet(spec, clock);
await hosts.warm('*');
for (const tool of rivalNames) await rivals.run(tool, FLEET, 'warm');
const warm: [size: number, figures: Figures][] = [];
for (const size of SIZES) {
  const query = `db[1001-${1000 + size}].eqiad.wmnet`;
  warm.push([
    size,
    await inTurns(WARM_ROUNDS, async (tool) =>
      tool === 'ours' ? oursTimes(hosts, query, 1) : [await rivals.run(tool, size, 'warm')],
    ),
  ]);
}
const backToBack = median(await oursTimes(hosts, names[0] ?? '', BACK_TO_BACK));
const rss = memoryOf(spec);
const on = machine();
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(asJson())}\n` : `${asTable(on)}\n`);

/** The median of each tool; each has its turn in each round, so that what else the machine does meets all alike. */
async function inTurns(rounds: number, run: (tool: Tool) => Promise<readonly number[]>): Promise<Figures> {
  const times = new Map<Tool, number[]>();
  for (let round = 0; round < rounds; round += 1)
    for (const tool of tools) times.set(tool, [...(times.get(tool) ?? []), ...(await run(tool))]);
  return Object.fromEntries(tools.map((tool) => [tool, median(times.get(tool) ?? [])])) as Figures;
}

async function oursTimes(on: SshHosts, query: string, times: number): Promise<number[]> {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) found.push(await trueEverywhere(on, query));
  return found;
}

/** From no connection to the last answer. */
async function coldRun(): Promise<number> {
  await using fresh = connectToFleet(spec, clock);
  return await trueEverywhere(fresh, '*');
}

/** Mebibytes of a process with nothing but the adapter and its connections. */
function memoryOf(fleet: HostsBenchSpec): number {
  const file = path.join(ground.folder, 'fleet.json');
  writeFileSync(file, JSON.stringify(fleet));
  const child = ['--expose-gc', path.join(here, 'hosts-memory-child.js'), file];
  return Number(execFileSync(process.execPath, child, { encoding: 'utf8' }).trim()) / 2 ** 20;
}

function asJson(): unknown {
  const figures = (found: Figures, unit: 'ms' | 's'): Record<string, number> =>
    Object.fromEntries(
      tools.map((tool) => [`${tool}_${unit}`, Number((found[tool] / (unit === 's' ? 1_000 : 1)).toFixed(3))]),
    );
  return {
    machine: on,
    warm: Object.fromEntries(warm.map(([size, found]) => [size, figures(found, 'ms')])),
    cold: { [FLEET]: figures(cold, 's') },
    back_to_back_ms: Number(backToBack.toFixed(3)),
    rss_mib: Number(rss.toFixed(1)),
  };
}

function asTable({ cpu, cores, memoryGiB, node, kernel }: Machine): string {
  const row = (what: string, found: Figures): string[] => [
    what,
    ...tools.map((tool) => `${found[tool].toFixed(found[tool] < 100 ? 1 : 0)} ms`),
    `${(found.ours / found.cumin).toFixed(3)} ×`,
    `${(found.ours / found.ssh).toFixed(3)} ×`,
  ];
  const rows = [
    ['`true` on', ...tools, 'ours / cumin', 'ours / ssh'],
    ...warm.map(([size, found]) => row(`${size} ${size === 1 ? 'host' : 'hosts'}, warm`, found)),
    row(`${FLEET} hosts, cold`, cold),
  ];
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length))) ?? [];
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${kernel}; key exchange ${KEY_EXCHANGE} for all`,
    ...rows.map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    `one command after the other on one host: ${backToBack.toFixed(2)} ms each`,
    `resident memory with ${FLEET} connections: ${rss.toFixed(0)} MiB`,
  ].join('\n');
}
