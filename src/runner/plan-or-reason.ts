import { explainError } from '../domain/errors.js';
import type { Plan } from '../runbook/plan.js';
import type { Driver } from './driver.js';
import { makePlan } from './make-plan.js';
import type { RunState } from './run-state.js';

/** A plan from the world as it is now, or for people why there is none. With a state, of what remains. Reads. */
export async function planOrReason(
  { file, readers }: Pick<Driver, 'file' | 'readers'>,
  state?: RunState,
): Promise<Plan | string> {
  try {
    return await makePlan(file.prepared, readers, state);
  } catch (error) {
    return `what remains cannot be planned (${explainError(error)}); \`resume\` tries again`;
  }
}
