import { instant } from '../../src/domain/instant.js';
import type { Phase } from '../../src/runbook/runbook.js';
import type { Entry } from '../../src/runner/entry.js';
import { fastClock } from '../../src/simulation/fast-clock.js';
import { NOON, preparedOf, said, Told } from './toy-decide.js';
import { oneGo, type ToyTask, toyTask, ToyWorld } from './toy-runbook.js';

export const world = new ToyWorld(fastClock(instant(NOON)));
export const task = (id: string, parts: Omit<ToyTask, 'id'> = {}) => toyTask(world, { id, ...parts });
export const phase = (id: string, tasks: Phase['tasks'], parts: Partial<Phase> = {}): Phase => ({
  id,
  title: `phase ${id}`,
  urgent: false,
  tasks,
  ...parts,
});
export const run = (...phases: Phase[]) => preparedOf(phases);
export const started = (...phases: Phase[]) => Told.started(run(...phases));

export const HALF_AN_HOUR = 30 * 60_000;
export const hold: Entry = { kind: 'run-held', because: 'wait' };
export const resume: Entry = { kind: 'run-resumed', by: said('alice') };
export const abort: Entry = { kind: 'abort-asked', by: said('alice'), reason: 'no' };
export const requestGate: Entry & { kind: 'gate-opened' } = {
  kind: 'gate-opened',
  gate: 'g1',
  for: { kind: 'request' },
  policy: oneGo,
  digest: 'd',
  expiresAt: instant(NOON + HALF_AN_HOUR),
  asker: said('alice').person,
};
export const phaseGate = (gate: string, of: string): Entry => ({
  ...requestGate,
  gate,
  for: { kind: 'phase', phase: of },
});
export const settled = (gate: string, verdict: 'go' | 'nogo' | 'expired'): Entry => ({
  kind: 'gate-settled',
  gate,
  verdict,
  because: 'so',
});
