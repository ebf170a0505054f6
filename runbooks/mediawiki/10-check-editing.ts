import { MINUTE, instant } from '../../src/domain/instant.js';
import { type Finding, holds, notYet } from '../../src/runbook/finding.js';
import { type Task, defineTask } from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import { type Setting, bothDatacenters } from './setting.js';
import { everyAppServer } from './steps/app-servers.js';
import { observation } from './steps/observation.js';
import { calm } from './steps/patience.js';

export function checkEditing(setting: Setting): Task {
  const { installation } = setting;
  const look = async (see: Readers): Promise<Finding> => {
    const [{ edits }, reading] = await Promise.all([
      see.site.activity(see.signal),
      everyAppServer(see, installation, {
        of: bothDatacenters(setting),
        expected: 'an answer',
        says: () => ({ seen: 'an answer', asExpected: true }),
        // Nothing was written that they would have to follow: an answer is an answer, whenever it was cached.
        since: instant(0),
      }),
    ]);
    if (reading.kind !== 'holds') return reading;
    const seen = { about: 'edits saved in the last minute', seen: `${edits}` };
    return edits > 0 ? holds([seen, ...reading.evidence]) : notYet([{ ...seen, expected: 'at least one' }]);
  };
  return defineTask({
    id: '10-check-editing',
    title: 'Check that reading and editing work',
    ...observation({
      explain: {
        does: 'Looks that every app server of both datacenters answers, and that edits have been saved in the last minute.',
        checkByHand:
          'Log in, open a page that is not cached (add ?action=purge), and save an edit in a sandbox, once through each datacenter.',
        wentWrongBefore:
          'API errors come with HTTP 200: look at what the answer says, not at its status. A bot that lost its session cannot log in while a wiki is read-only, so it may need to be told that it is over.',
      },
      patience: calm(5 * MINUTE),
      look,
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'it was only looked at' },
  });
}
