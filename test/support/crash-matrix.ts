import { rmSync } from 'node:fs';
import type { RunState } from '../../src/runner/run-state.js';
import type { Files } from '../../src/compose/files.js';
import { type Instant, instant } from '../../src/domain/instant.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { BEGINNING, FullHouse } from './full-house.js';
import { brokenWorldLaws } from './full-law.js';
import { outcomes } from './outcomes.js';
import { settledWorld } from './settled-world.js';
import { temporaryFolder } from './temporary-folder.js';
import { copyDisk, watchedFiles, type Written } from './watched-files.js';

/** How long no process runs: short enough for a run to go on by itself in the read-only window. */
const GAP = 2_000;

/** How people bring a run to the end that a story is about. */
export type Story = (full: FullHouse, run: number) => Promise<RunState>;

/** What a run has left behind. */
export interface Left {
  readonly outcomes: object;
  readonly world: object;
  /** How often each line is in the log that has to be there exactly once. */
  readonly prescribed: Readonly<Record<string, number>>;
  readonly broken: readonly string[];
  /** Holds and alarms: a run that goes on by itself has none. */
  readonly stops: readonly string[];
}

/** What kill -9 would have left just after one write. Just before the next write the disk is the same. */
interface Crash {
  readonly number: number;
  readonly written: Written;
  readonly at: Instant;
  readonly folder: string;
}

/**
 * Lives a run undisturbed, then once more for copies of its disk after the writes that are `chosen`, and then goes on from
 * each of those copies in another process.
 */
export async function crashMatrix(
  story: Story,
  chosen: (writes: readonly Written[]) => readonly number[],
): Promise<{ undisturbed: Left; crashed: { written: string; left: Left }[] }> {
  using folder = temporaryFolder();
  const first = await liveThrough(folder.file('first'), story, () => undefined);
  const points = new Set(chosen(first.writes));
  const crashes: Crash[] = [];
  const second = await liveThrough(folder.file('second'), story, (crash, disk) => {
    if (!points.has(crash.number)) return;
    const copy = folder.file(`crash-${crash.number}`);
    copyDisk(disk, copy);
    crashes.push({ ...crash, folder: copy });
  });
  // The same people at the same times write the same: so a number means the same write in both.
  if (second.writes.join() !== first.writes.join()) throw new Error('two lives were not the same');
  const crashed: { written: string; left: Left }[] = [];
  for (const crash of crashes) {
    crashed.push({ written: `${crash.number}: ${crash.written}`, left: await liveOn(crash, story) });
    rmSync(crash.folder, { recursive: true });
  }
  return { undisturbed: first.left, crashed };
}

async function liveThrough(
  disk: string,
  story: Story,
  afterWrite: (crash: Omit<Crash, 'folder'>, disk: string) => void,
): Promise<{ writes: Written[]; left: Left }> {
  const writes: Written[] = [];
  const clock = fastClock(BEGINNING);
  const around = (files: Files): Files =>
    watchedFiles(files, (written) => {
      const number = writes.push(written) - 1;
      afterWrite({ number, written, at: clock.now() }, disk);
    });
  const full = await FullHouse.open(disk, { clock, sal: true, around });
  const run = await full.start();
  await story(full, run);
  const left = await leftBy(full, run);
  await full.close();
  return { writes, left };
}

/** Another process finds what one has left that was killed, and people bring the run to its end. */
async function liveOn(crash: Crash, story: Story): Promise<Left> {
  const clock = fastClock(instant(crash.at + GAP));
  const full = await FullHouse.open(crash.folder, { clock, sal: true });
  await full.takeUp();
  const [known] = await full.house.journal.runs(1);
  // Killed before the request was on disk: whoever asked has had no answer, and asks again.
  const run = known ?? (await full.start());
  await story(full, run);
  const left = await leftBy(full, run);
  await full.close();
  return left;
}

async function leftBy(full: FullHouse, run: number): Promise<Left> {
  const state = await full.state(run);
  const entries = await full.entries(run);
  await full.logged();
  const messages = (await full.sal()).map(({ message }) => message);
  const count = (begins: string): number => messages.filter((text) => text.startsWith(begins)).length;
  return {
    outcomes: outcomes(state),
    world: await settledWorld(full),
    prescribed: {
      start: count('START - switchdc mediawiki for datacenter switchover'),
      end: messages.filter((text) => /^END \(\w+\) - switchdc mediawiki for datacenter/.test(text)).length,
      readOnlyStarts: count('MediaWiki read-only period starts at: '),
      readOnlyEnds: count('MediaWiki read-only period ends at: '),
    },
    broken: await brokenWorldLaws(full),
    stops: entries.flatMap(({ entry }) =>
      entry.kind === 'run-held' || entry.kind === 'alarm' || entry.kind === 'task-stuck'
        ? [JSON.stringify(entry)]
        : [],
    ),
  };
}
