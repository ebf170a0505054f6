import { instant } from '../domain/instant.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import { differences } from '../runbook/plan.js';
import { nextGateId } from './decide.js';
import type { Driver } from './driver.js';
import type { AskedAnew } from './intent.js';
import { planOrReason } from './plan-or-reason.js';
import type { RunState } from './run-state.js';

/** Plans what remains, compares it with what people were shown, and asks: before a phase, or for the request once more. */
export async function openGate(driver: Driver, about: AskedAnew): Promise<void> {
  const { file, clock, signal } = driver;
  const plan = await planOrReason(driver, file.state);
  await file.exclusively(async (append) => {
    const { state } = file;
    const policy = policyOf(driver, about);
    // Whoever closes leaves it for the next process.
    if (signal.aborted || policy === undefined || !isWanted(state, about)) return;
    if (typeof plan === 'string') {
      await append({ kind: 'run-held', because: plan });
      return;
    }
    const difference = differences(Object.values(state.planned), plan.phases);
    await append({
      kind: 'gate-opened',
      gate: nextGateId(state),
      for: about,
      policy,
      digest: plan.digest,
      expiresAt: instant(clock.now() + policy.expiresAfter),
      asker: about.kind === 'request' ? state.requestedBy.person : state.operator,
      ...(difference.length > 0 ? { difference, plan } : {}),
    });
  });
}

function policyOf({ file }: Driver, about: AskedAnew): ApprovalPolicy | undefined {
  if (about.kind === 'request') return file.state.policy;
  return file.prepared.phases.find((phase) => phase.id === about.phase)?.gate;
}

/** Somebody may have held, aborted or begun it while it was being planned. */
function isWanted(state: RunState, about: AskedAnew): boolean {
  if (state.hold !== undefined || state.abort !== undefined) return false;
  return about.kind === 'request' ? state.stage === 'requested' : state.phases[about.phase] === undefined;
}
