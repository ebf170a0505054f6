import { instant } from '../domain/instant.js';
import { differences } from '../runbook/plan.js';
import type { PhaseId } from '../runbook/task.js';
import { nextGateId } from './decide.js';
import type { Driver } from './driver.js';
import { planOrReason } from './plan-or-reason.js';

/** Plans the phases that remain, compares them with what people were shown, and asks. */
export async function openPhaseGate(driver: Driver, phaseId: PhaseId): Promise<void> {
  const { file, clock } = driver;
  const policy = file.prepared.phases.find((phase) => phase.id === phaseId)?.gate;
  const plan = await planOrReason(driver, file.state);
  await file.exclusively(async (append) => {
    const { state } = file;
    if (
      policy === undefined ||
      state.hold !== undefined ||
      state.abort !== undefined ||
      state.phases[phaseId] !== undefined
    )
      return;
    if (typeof plan === 'string') {
      await append({ kind: 'run-held', because: plan });
      return;
    }
    const difference = differences(Object.values(state.planned), plan.phases);
    await append({
      kind: 'gate-opened',
      gate: nextGateId(state),
      for: { kind: 'phase', phase: phaseId },
      policy,
      digest: plan.digest,
      expiresAt: instant(clock.now() + policy.expiresAfter),
      asker: state.operator,
      ...(difference.length > 0 ? { difference, plan } : {}),
    });
  });
}
