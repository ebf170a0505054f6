import type { Entry } from '../../src/runner/entry.js';
import type { Journal, Recorded } from '../../src/runner/journal.js';

/**
 * The life of one process image. It can be made to end at any event (an append or a write to the world, just before it
 * or just after it); from then on nothing of that image reaches the disk or the world.
 */
export class ToyLife {
  /** What it lived through, in order. */
  readonly events: string[] = [];
  readonly over: Promise<void>;
  #end: () => void = () => undefined;
  #isOver = false;

  /** `endsAt`: the number of the event, from 0, at which it ends. */
  constructor(private readonly endsAt = Infinity) {
    this.over = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
    this.#end();
  }

  /** Goes through while there is life, and never otherwise. */
  pass(event: string): Promise<void> {
    if (!this.#isOver && this.events.length === this.endsAt) this.end();
    if (this.#isOver) return new Promise(() => undefined);
    this.events.push(event);
    return Promise.resolve();
  }
}

/** A journal of which only a living process hears. */
export function mortalJournal(journal: Journal, life: ToyLife): Journal {
  const passing = async (entry: Entry, append: () => Promise<Recorded>): Promise<Recorded> => {
    const name = 'task' in entry ? `${entry.kind} ${entry.task}` : entry.kind;
    await life.pass(`before ${name}`);
    const recorded = await append();
    await life.pass(`after ${name}`);
    return recorded;
  };
  return {
    ...journal,
    begin: (entry, at) => passing(entry, () => journal.begin(entry, at)),
    append: (run, seq, entry, at) => passing(entry, () => journal.append(run, seq, entry, at)),
  };
}
