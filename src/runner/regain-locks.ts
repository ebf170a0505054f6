import { formatLength } from '../domain/instant.js';
import { lockOwnerText } from '../state/locks.js';
import type { Driver } from './driver.js';

/** Has lost locks back, however long it takes; goes on only if nobody else held one of them in between. */
export async function regainLocks({ file, locks, signal, clock }: Driver): Promise<void> {
  const since = file.state.leaseLost?.since ?? clock.now();
  const regained = await locks.regain(file, signal, ({ name: lock, owner }) =>
    file.exclusively(async (append) => {
      const { leaseLost, stage } = file.state;
      if (leaseLost === undefined || stage === 'ended') return;
      if (leaseLost.takenBy !== undefined && lockOwnerText(leaseLost.takenBy) === lockOwnerText(owner))
        return;
      await append({ kind: 'lock-taken-by-another', lock, owner });
    }),
  );
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
