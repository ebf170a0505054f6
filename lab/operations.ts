import { type Millis, SECOND } from '../src/domain/instant.js';
import type { HostOperation, Operations } from '../src/hosts/operation.js';
import { defaultOperations } from '../src/simulation/default-operations.js';

/** Programs of the lab end within a second or two, so a host that hangs is seen soon. */
const RUN_TIMEOUT: Millis = 10 * SECOND;
/** A round of the warm-up makes real requests, to app servers that have everything still to compile. */
const WARM_UP_TIMEOUT: Millis = 30 * SECOND;
const PROBE_TIMEOUT: Millis = 5 * SECOND;

/** The operations of the lab: those of the simulated hosts, word by word, with the lab's timeouts. Pure. */
export function labOperations(): Operations {
  const entries = Object.entries(defaultOperations()).map(([name, operation]) => [
    name,
    hurried(operation, name === 'warm-up-caches' ? WARM_UP_TIMEOUT : RUN_TIMEOUT),
  ]);
  return Object.fromEntries(entries) as Operations;
}

function hurried(operation: HostOperation, timeout: Millis): HostOperation {
  return {
    ...operation,
    run: { ...operation.run, timeout },
    probe: { ...operation.probe, timeout: PROBE_TIMEOUT },
  };
}
