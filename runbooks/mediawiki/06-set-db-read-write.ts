import { SECOND } from '../../src/domain/instant.js';
import { blocked, holds } from '../../src/runbook/finding.js';
import { type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';
import {
  type AccessPicture,
  allHaveAccess,
  lookAtAccess,
  primariesOf,
  recallPrimaries,
} from './steps/access-picture.js';
import { alreadySo } from './steps/already-so.js';
import { accessByHand } from './steps/by-hand.js';
import { caughtUp } from './steps/caught-up.js';
import { urgent } from './steps/patience.js';
import { type SetAccessDone, setAccess } from './steps/set-access.js';

const ID = '06-set-db-read-write';

export function setDbReadWrite(setting: Setting): Task {
  const { to } = setting.params;
  const step = open(setting);
  return defineTask({
    id: ID,
    title: `Set the database primaries of ${to} read-write`,
    ...step,
    // There `to` is the primary, and read-write already.
    inLiveTest: alreadySo(step),
    inEmergency: 'same',
    rollback: lockAgain(setting),
  });
}

function open({ installation, params }: Setting): Step<readonly AccessPicture[], SetAccessDone> {
  const { from, to } = params;
  return setAccess({
    explain: {
      does: `Looks that every primary in ${from} answers read-only, then sets the primaries of all core sections in ${to} read-write, all at once, and asks each again.`,
      checkByHand: `First: ${accessByHand(from, 'read-only', installation)} Afterwards: ${accessByHand(to, 'read-write', installation)}`,
      wentWrongBefore:
        'A primary that was killed comes back read-only and has to be opened again. The wiki remembers for 3 to 5 s that a server was read-only; with ReadOnly still set that is not noticed. One primary that does not answer stops this on purpose: two writable ones lose edits for good. Make it answer read-only, then `retry`.',
    },
    patience: urgent(10 * SECOND),
    access: 'read-write',
    primaries: () => primariesOf(installation, to),
    async forbids(see) {
      const { different, silent } = await lookAtAccess(see, primariesOf(installation, from), 'read-only');
      return [...different, ...silent];
    },
    // Whether the old primaries are up does not matter any more; that none of them is writable does.
    async observe(see) {
      const { different } = await lookAtAccess(see, primariesOf(installation, from), 'read-only');
      return different.length > 0 ? blocked(different) : holds();
    },
  });
}

function lockAgain({ installation, params }: Setting): Undo {
  const { from, to } = params;
  return setAccess({
    explain: {
      does: `Sets the primaries in ${to} read-only again that this run had set read-write, and waits until ${from} has executed everything that was written in ${to} meanwhile: ${from} is about to be written to again.`,
      checkByHand: `${accessByHand(to, 'read-only', installation)} In ${to}: mysql -e 'SELECT @@global.gtid_binlog_pos'; in ${from}: mysql -e "SELECT MASTER_GTID_WAIT('THAT POSITION', 10)" answers 0.`,
      wentWrongBefore:
        'Nothing is on record. Replication has to flow back for this, which is why it is made circular days before; where it stands still, this waits for a person.',
    },
    patience: urgent(30 * SECOND),
    access: 'read-only',
    primaries: (see) => recallPrimaries(see, ID, 'read-only'),
    async observe(see) {
      const locked = await allHaveAccess(see, installation, to, 'read-only');
      return locked.kind === 'holds' ? caughtUp(see, installation, { ahead: to, behind: from }) : locked;
    },
  });
}
