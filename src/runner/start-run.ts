import { instant } from '../domain/instant.js';
import { differences } from '../runbook/plan.js';
import { nextGateId } from './decide.js';
import type { Driver } from './driver.js';
import { planOrReason } from './plan-or-reason.js';

/** Takes the locks, plans once more, and starts; asks again where the plan is no longer the one that was approved. */
export async function startRun(driver: Driver): Promise<void> {
  const { file, locks, clock, signal } = driver;
  const taken = await locks.take(file);
  const plan = taken.ok ? await planOrReason(driver) : `${taken.because}; \`resume\` tries again`;
  await file.exclusively(async (append) => {
    const { state } = file;
    // Somebody may have held or withdrawn it meanwhile; one who closes has only left it for the next process.
    const isOpen = state.stage === 'requested' && state.abort === undefined && state.hold === undefined;
    const isWanted = isOpen && !signal.aborted;
    if (!isWanted || !taken.ok || typeof plan === 'string') {
      await locks.release(file);
      if (isWanted && typeof plan === 'string') await append({ kind: 'run-held', because: plan });
      return;
    }
    const asked = state.policy.approvals > 0 || state.policy.needs.length > 0;
    if (asked && plan.digest !== state.plan.digest) {
      await locks.release(file);
      await append({
        kind: 'gate-opened',
        gate: nextGateId(state),
        for: { kind: 'request' },
        policy: state.policy,
        digest: plan.digest,
        expiresAt: instant(clock.now() + state.policy.expiresAfter),
        asker: state.requestedBy.person,
        difference: differences(state.plan.phases, plan.phases),
        plan,
      });
      return;
    }
    if (file.prepared.locks.length > 0) await append({ kind: 'locks-taken', fences: taken.fences });
    const changed = plan.digest === state.plan.digest ? {} : { plan };
    await append({ kind: 'run-started', digest: plan.digest, ...changed });
  });
}
