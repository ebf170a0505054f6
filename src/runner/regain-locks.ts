import { formatLength } from '../domain/instant.js';
import type { Driver } from './driver.js';

/** Has lost locks back, however long it takes; goes on only if nobody else held one of them in between. */
export async function regainLocks({ file, locks, signal, clock }: Driver): Promise<void> {
  const since = file.state.leaseLost?.since ?? clock.now();
  const regained = await locks.regain(file, signal);
  if (regained === undefined) return;
  await file.exclusively(async (append) => {
    if (file.state.leaseLost === undefined || file.state.stage === 'ended') return;
    // Held first: should the process die between the two, the run must not go on.
    if (regained.heldByAnother) {
      const because = `another run held one of the locks in the ${formatLength(clock.now() - since)} that they were lost; look at what it did`;
      await append({ kind: 'run-held', because });
    }
    await append({ kind: 'locks-regained', fences: regained.fences });
  });
}
