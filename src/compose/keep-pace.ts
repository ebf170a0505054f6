import { sleep } from '../domain/clock.js';
import type { SimulatedClock } from '../simulation/simulated-clock.js';
import type { RunView } from '../runner/runner.js';
import type { House } from './house.js';
import { type Pace, paceOf } from './pace.js';

/** Simulated seconds in a real one: normally, and where people are to watch it happen (1, but in a demonstration). */
export interface Speeds {
  readonly fast: number;
  readonly real: number;
}

/**
 * Keeps simulated time at its pace until the signal: looks after every entry of the journal and when it is due. Tells of
 * read-only alone: people come and go so often that it would be noise.
 */
export async function keepPace(
  house: House,
  simulated: SimulatedClock,
  speeds: Speeds,
  signal: AbortSignal,
  watched: (speed: number, readOnly: 'begins' | 'ends') => void,
): Promise<void> {
  const { journal, runner, clock } = house;
  let { fast } = speeds;
  let set = simulated.rate();
  let around: Pace['around'] = 'other';
  const look = async (): Promise<number | undefined> => {
    // Somebody who sets another speed at the prompt sets that of fast time.
    if (simulated.rate() !== set && simulated.rate() !== speeds.real) fast = simulated.rate();
    const views: RunView[] = [];
    for (const run of await runner.unfinished()) {
      const view = await runner.view(run);
      if (view !== undefined && runner.isDriven(run)) views.push(view);
    }
    const pace = paceOf(views, clock.now());
    const rate = pace.speed === 'real' ? speeds.real : fast;
    if (rate !== simulated.rate()) simulated.setRate(rate);
    if (pace.around !== around) watched(rate, pace.around === 'read-only' ? 'begins' : 'ends');
    ({ around } = pace);
    set = rate;
    return pace.askAgain;
  };
  let pending = new AbortController();
  const lookAndWait = async (): Promise<void> => {
    pending.abort();
    pending = new AbortController();
    const until = await look();
    if (until === undefined) return;
    const { signal: mine } = pending;
    void sleep(clock, Math.max(1, until - clock.now()), AbortSignal.any([mine, signal])).then(
      lookAndWait,
      () => undefined,
    );
  };
  await lookAndWait();
  const [newest] = await journal.runs(1);
  const from = newest === undefined ? 0 : ((await journal.read(newest)).at(-1)?.position ?? 0);
  for await (const _ of journal.follow(from, signal)) await lookAndWait();
}
