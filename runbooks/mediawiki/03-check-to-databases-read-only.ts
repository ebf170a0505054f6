import { SECOND } from '../../src/domain/instant.js';
import { type Task, defineTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';
import { allHaveAccess } from './steps/access-picture.js';
import { accessByHand } from './steps/by-hand.js';
import { observation } from './steps/observation.js';
import { urgent } from './steps/patience.js';

export function checkToDatabasesReadOnly({ installation, params }: Setting): Task {
  const { to } = params;
  return defineTask({
    id: '03-check-to-databases-read-only',
    title: `Check that the database primaries of ${to} are read-only`,
    ...observation({
      explain: {
        does: `Looks that every primary in ${to} is read-only. If one were not, something may have been written there that ${params.from} does not have.`,
        checkByHand: accessByHand(to, 'read-only', installation),
        wentWrongBefore:
          'Two primaries of one section must never be writable at once. A primary that was restarted comes back read-only, so one that is writable was opened by somebody: ask the DBAs before you close it.',
      },
      patience: urgent(10 * SECOND),
      look: (see) => allHaveAccess(see, installation, to, 'read-only'),
    }),
    // There `to` is the primary, and writable.
    inLiveTest: 'skip',
    inEmergency: 'same',
    rollback: { needless: 'it was only looked at' },
  });
}
