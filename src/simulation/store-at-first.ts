import { WorldMismatch } from './errors.js';
import { type StoreDraft, layChange } from './follow-store.js';
import type { StateHistory } from './state-history.js';
import type { WorldShape } from './world-shape.js';
import type { StoreView } from './world-state.js';

/** The state store as a world finds it when it begins. Throws WorldMismatch when it does not name a primary datacenter. */
export function storeAtFirst(shape: WorldShape, history: StateHistory): StoreView {
  const draft: StoreDraft = { primary: undefined, readOnly: [false, false], records: {} };
  for (const change of history.after(0)) layChange(shape, draft, change);
  const { primary } = draft;
  if (primary === undefined)
    throw new WorldMismatch(
      'the state store does not say which datacenter is the primary; fill it before the simulated world begins',
    );
  return { ...draft, primary };
}
