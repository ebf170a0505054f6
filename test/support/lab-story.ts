import { type Editors, openEditors } from '../../lab/editors.js';
import type { Lab } from '../../lab/lab.js';
import type { DatacenterName, SectionName } from '../../src/domain/names.js';
import { failedTasks } from '../../src/runner/orders.js';
import type { Recorded, RunId } from '../../src/runner/journal.js';
import type { RunState } from '../../src/runner/run-state.js';
import { LabHouse } from './lab-house.js';
import { LabWatch } from './lab-watch.js';

/** Between an editor's edits, in milliseconds: enough of them to lose one, and time for the rest of the machine. */
const PAUSE = 150;
/** A busy machine may keep an editor waiting, in milliseconds. */
const PATIENCE = 30_000;

/** What a story must come to, whatever was broken in it. */
export interface StoryEnd {
  readonly result: string | undefined;
  /** Edits that the wiki acknowledged and does not have. */
  readonly lost: number;
  /** What editors saw instead of a page saved or the read-only notice: a database error each. */
  readonly databaseErrors: readonly string[];
  /** What was seen from outside, at any time, and may not have been so. */
  readonly breaches: readonly string[];
}

export const untroubled = { lost: 0, databaseErrors: [], breaches: [] } as const;

export const hasBegun =
  (phase: string) =>
  (state: RunState): boolean =>
    state.phases[phase] !== undefined;

export const hasFailed =
  (task: string) =>
  (state: RunState): boolean =>
    failedTasks(state).includes(task);

/** A live switchover on a lab in which something is going to break, while editors write to the wiki and all is watched. */
export class LabStory implements AsyncDisposable {
  static #told = 0;

  private constructor(
    readonly lab: Lab,
    readonly house: LabHouse,
    private readonly watch: LabWatch,
    private readonly editors: Editors,
    readonly run: RunId,
  ) {}

  static async begin(lab: Lab): Promise<LabStory> {
    const open: AsyncDisposable[] = [];
    const opened = <T extends AsyncDisposable>(one: T): T => {
      open.push(one);
      return one;
    };
    try {
      const house = opened(await LabHouse.open(lab, `records-${(LabStory.#told += 1)}`));
      const watch = opened(new LabWatch(lab));
      const editors = opened(await writingEditors(lab));
      return new LabStory(lab, house, watch, editors, await house.start());
    } catch (error) {
      for (const one of open.reverse()) await one[Symbol.asyncDispose]();
      throw error;
    }
  }

  get from(): DatacenterName {
    return this.lab.settings.primary;
  }

  get to(): DatacenterName {
    return this.lab.settings.secondary;
  }

  /** A section other than the wiki's own, which is the last. */
  get section(): SectionName {
    const [first] = this.lab.settings.installation.sections;
    if (first === undefined) throw new Error('the lab has sections');
    return first;
  }

  /** People answer whatever is asked until the phase begins. */
  helpedTo(phase: string): Promise<RunState> {
    return this.house.helped(this.run, hasBegun(phase));
  }

  /** Nobody answers anything. */
  until(what: (state: RunState) => boolean): Promise<RunState> {
    return this.house.until(this.run, what);
  }

  why(): Promise<string> {
    return this.house.asked('bob', `why ${this.run}`);
  }

  order(line: string): Promise<unknown> {
    return this.house.order('alice', line);
  }

  async kinds(): Promise<string[]> {
    return (await this.house.entries(this.run)).map(({ entry }) => entry.kind);
  }

  /** People bring it to its end; the edits are looked for in this datacenter. */
  async ended(primary: DatacenterName = this.to): Promise<StoryEnd> {
    const { ended } = await this.house.helped(this.run);
    const entries = await this.house.entries(this.run);
    const edits = await editsOf(this.lab, this.editors, primary, entries);
    const breaches = await this.watch.breaches(entries, this.editors.edits);
    return { result: ended?.result, ...edits, breaches };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.editors.stop();
    await this.watch.stop();
    await this.house[Symbol.asyncDispose]();
  }
}

/** Editors who are writing. */
export async function writingEditors(lab: Lab): Promise<Editors> {
  const { appServers, accounts } = lab.wiki;
  const editors = await openEditors({ appServers, bot: accounts.bot, pause: PAUSE, patience: PATIENCE });
  editors.start();
  return editors;
}

/** What became of their edits, as the wiki in a datacenter shows it; with a run's entries it is told when errors were shown. */
export async function editsOf(
  lab: Lab,
  editors: Editors,
  primary: DatacenterName,
  entries: readonly Recorded[] = [],
): Promise<Pick<StoryEnd, 'lost' | 'databaseErrors'>> {
  await editors.stop();
  const server = lab.wiki.appServers.find(({ datacenter }) => datacenter === primary);
  const { lost } = await editors.verify(server?.url ?? '');
  const databaseErrors = editors.edits.flatMap(({ outcome, datacenter, sentAt, answeredAt }) =>
    outcome.kind === 'error' && outcome.from === 'database'
      ? [
          `${outcome.what} (in ${datacenter}, sent ${momentOf(entries, sentAt)}, answered ${momentOf(entries, answeredAt)})`,
        ]
      : [],
  );
  return { lost: lost.length, databaseErrors };
}

/** `340 ms after step-ended verify 02-set-read-only`. */
function momentOf(entries: readonly Recorded[], at: number): string {
  const last = entries.findLast((recorded) => recorded.at <= at && 'task' in recorded.entry);
  if (last === undefined) return `at ${at}`;
  const { entry } = last;
  const step = 'step' in entry ? ` ${entry.step}` : '';
  return `${at - last.at} ms after ${entry.kind}${step}${'task' in entry ? ` ${entry.task}` : ''}`;
}
