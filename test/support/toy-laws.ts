import type { Entry, GateId } from '../../src/runner/entry.js';
import type { Recorded } from '../../src/runner/journal.js';
import type { PreparedRun } from '../../src/runner/prepared-run.js';
import type { ToyWorld } from './toy-runbook.js';

/**
 * What must be true of any journal of any run, whatever was said, failed or died: read from the entries alone, without
 * the code that they are made by. Returns the laws that were broken.
 */
export function brokenLaws(run: PreparedRun, entries: readonly Recorded[]): string[] {
  const reader = new LawReader(run);
  for (const recorded of entries) reader.read(recorded);
  return reader.broken;
}

/** The same of the world: whoever writes a switch again has looked at it in between. */
export function blindWrites(world: ToyWorld): string[] {
  const looked = new Map<string, boolean>();
  return world.log.flatMap(({ does, name }) => {
    const isBlind = does === 'write' && looked.get(name) === false;
    looked.set(name, does === 'look');
    return isBlind ? [`${name} was written twice without a look in between`] : [];
  });
}

class LawReader {
  readonly broken: string[] = [];
  readonly #gates = new Map<
    GateId,
    { opened: Entry & { kind: 'gate-opened' }; go: Set<string>; verdict?: string }
  >();
  readonly #running = new Map<string, string>();
  readonly #appliedBlind = new Set<string>();
  readonly #ends = new Map<string, string>();
  #started = false;
  #ended = false;
  #held = false;
  #leaseLost = false;
  #aborted = false;
  #seq = 0;

  constructor(private readonly run: PreparedRun) {}

  read({ seq, entry }: Recorded): void {
    const law = (isKept: boolean, text: string): void => {
      if (!isKept) this.broken.push(`${seq} ${entry.kind}: ${text}`);
    };
    law(seq === (this.#seq += 1), 'the numbers have no gaps');
    law(!this.#ended, 'nothing follows the end');
    switch (entry.kind) {
      case 'gate-opened':
        law(!this.#gates.has(entry.gate), 'each gate has an id of its own');
        this.#gates.set(entry.gate, { opened: entry, go: new Set() });
        return;
      case 'vote-cast': {
        const gate = this.#gates.get(entry.gate);
        law(gate !== undefined && gate.verdict === undefined, 'a vote is for an open gate');
        law(entry.by.person !== gate?.opened.asker, 'who asks does not vote');
        if (entry.verdict === 'go' && entry.digest === gate?.opened.digest) gate.go.add(entry.by.person);
        return;
      }
      case 'gate-settled': {
        const gate = this.#gates.get(entry.gate);
        law(gate !== undefined && gate.verdict === undefined, 'an open gate is settled once');
        if (gate === undefined) return;
        gate.verdict = entry.verdict;
        const { policy } = gate.opened;
        if (entry.verdict === 'go')
          law(
            gate.go.size >= policy.approvals,
            'GO needs as many people as its policy says, each counted once',
          );
        if (entry.verdict !== 'go' && gate.opened.for.kind === 'phase' && !this.#aborted) this.#held = true;
        return;
      }
      case 'run-started':
        law(this.#mayStart(), 'a run starts with the GO to its newest request');
        this.#started = true;
        return;
      case 'phase-started':
        law(this.#mayEnter(entry.phase), 'a phase begins with the GO of its newest gate');
        law(!this.#held && !this.#aborted, 'no phase begins on hold, or in an aborted run');
        return;
      case 'run-held':
        this.#held = true;
        return;
      case 'run-resumed':
        this.#held = false;
        return;
      case 'abort-asked':
        this.#held = false;
        this.#aborted = true;
        return;
      case 'lease-lost':
        this.#leaseLost = true;
        return;
      case 'locks-regained':
        this.#leaseLost = false;
        return;
      case 'step-started': {
        const key = `${entry.direction} ${entry.task}`;
        law(this.#started, 'no step before the start');
        law(!this.#held, 'no step begins on hold');
        law(!this.#leaseLost, 'no step begins while a lock is lost');
        law(
          (entry.direction === 'back') === this.#aborted,
          'forwards before an abort, and only back after it',
        );
        law(!this.#running.has(key), 'one step of a task at a time');
        this.#running.set(key, entry.step);
        if (entry.step !== 'apply') return;
        law(!this.#appliedBlind.has(key), 'between two applies there is a check or a verify');
        law(entry.direction === 'back' || this.#mayEnter(this.#phaseOf(entry.task)), 'no apply without GO');
        this.#appliedBlind.add(key);
        return;
      }
      case 'step-ended': {
        const key = `${entry.direction} ${entry.task}`;
        law(this.#running.get(key) === entry.step, 'what ends has begun');
        this.#running.delete(key);
        if (entry.outcome.kind === 'checked' || entry.outcome.kind === 'found')
          this.#appliedBlind.delete(key);
        if (
          entry.outcome.kind === 'found' &&
          entry.outcome.finding.kind === 'holds' &&
          entry.direction === 'forward'
        )
          this.#ends.set(entry.task, 'observed');
        return;
      }
      case 'task-confirmed':
        if (entry.direction === 'forward' && entry.then === undefined)
          this.#ends.set(entry.task, 'confirmed');
        return;
      case 'task-passed-over':
        this.#ends.set(entry.task, 'passed over');
        return;
      case 'task-skipped':
        law(
          entry.agreedBy.some((person) => person !== entry.by.person),
          'skipping needs a second person',
        );
        this.#ends.set(entry.task, 'skipped');
        return;
      case 'run-ended': {
        this.#ended = true;
        law(this.#running.size === 0, 'nothing is under way at the end');
        // A dry run shows what it would do, and observes what it can.
        if (entry.result !== 'PASS' || this.run.mode === 'dry-run') return;
        const tasks = this.run.phases.flatMap((phase) => phase.tasks);
        for (const { id } of tasks)
          law(
            ['observed', 'confirmed', 'passed over'].includes(this.#ends.get(id) ?? 'not run'),
            `PASS means observed, but ${id} is ${this.#ends.get(id) ?? 'not run'}`,
          );
        return;
      }
      default:
        return;
    }
  }

  #mayStart(): boolean {
    const newest = [...this.#gates.values()].findLast(({ opened }) => opened.for.kind === 'request');
    return newest === undefined || newest.verdict === 'go';
  }

  #mayEnter(phase: string): boolean {
    if (this.run.phases.find(({ id }) => id === phase)?.gate === undefined) return true;
    const newest = [...this.#gates.values()].findLast(
      ({ opened }) => opened.for.kind === 'phase' && opened.for.phase === phase,
    );
    return newest?.verdict === 'go';
  }

  #phaseOf(task: string): string {
    return this.run.phases.find(({ tasks }) => tasks.some(({ id }) => id === task))?.id ?? '';
  }
}
