import { SECOND } from '../../src/domain/instant.js';
import { type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';
import { type AccessPicture, lookAtAccess, primariesOf, recallPrimaries } from './steps/access-picture.js';
import { alreadySo } from './steps/already-so.js';
import { accessByHand } from './steps/by-hand.js';
import { urgent } from './steps/patience.js';
import { type SetAccessDone, setAccess } from './steps/set-access.js';

const ID = '03-set-db-read-only';

export function setDbReadOnly(setting: Setting): Task {
  const { from } = setting.params;
  const step = lock(setting);
  return defineTask({
    id: ID,
    title: `Set the database primaries of ${from} read-only`,
    after: [{ task: '03-check-to-databases-read-only', once: 'verified' }],
    ...step,
    // There `from` is the passive one, and read-only already.
    inLiveTest: alreadySo(step),
    inEmergency: 'same',
    rollback: openAgain(setting),
  });
}

function lock({ installation, params }: Setting): Step<readonly AccessPicture[], SetAccessDone> {
  const { from } = params;
  return setAccess({
    explain: {
      does: `Sets the primaries of all core sections in ${from} read-only, all at once, and asks each again. From here on nothing can be written anywhere.`,
      checkByHand: accessByHand(from, 'read-only', installation),
      wentWrongBefore:
        'SET GLOBAL read_only=1 waits for statements that run; when it gives up, the server stays writable without saying so afterwards. So each is asked again. If one is still read-write, look for a long statement (SHOW PROCESSLIST), then `retry`. The wiki has to be read-only first: otherwise editors see database errors for up to 0.6 s instead of the notice.',
    },
    patience: urgent(10 * SECOND),
    access: 'read-only',
    primaries: () => primariesOf(installation, from),
  });
}

function openAgain({ installation, params }: Setting): Undo {
  const { from, to } = params;
  return setAccess({
    explain: {
      does: `Sets the primaries in ${from} read-write again that this run had set read-only; but only while no primary in ${to} is writable.`,
      checkByHand: `First: ${accessByHand(to, 'read-only', installation)} Afterwards: ${accessByHand(from, 'read-write', installation)}`,
      wentWrongBefore:
        'Two writable primaries of one section lose edits for good. A server that does not answer is not known to be read-only: this waits until it answers, or until a person who has made sure of it confirms it by name.',
    },
    patience: urgent(10 * SECOND),
    access: 'read-write',
    primaries: (see) => recallPrimaries(see, ID, 'read-write'),
    async forbids(see, primaries) {
      const others = primaries.map(({ section }) => ({ section, datacenter: to }));
      const { different, silent } = await lookAtAccess(see, others, 'read-only');
      return [...different, ...silent];
    },
  });
}
