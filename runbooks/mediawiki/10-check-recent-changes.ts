import { MINUTE } from '../../src/domain/instant.js';
import { type Finding, holds, notYet } from '../../src/runbook/finding.js';
import { type Task, defineTask } from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import { observation } from './steps/observation.js';
import { calm } from './steps/patience.js';

export function checkRecentChanges(): Task {
  const look = async (see: Readers): Promise<Finding> => {
    const { edits, recentChanges } = await see.site.activity(see.signal);
    const seen = { about: 'recent changes of the last minute', seen: `${recentChanges} for ${edits} edits` };
    return recentChanges > 0 ? holds([seen]) : notYet([{ ...seen, expected: 'at least one' }]);
  };
  return defineTask({
    id: '10-check-recent-changes',
    title: 'Check that recent changes flow',
    ...observation({
      explain: {
        does: 'Looks that edits of the last minute are listed as recent changes: jobs and the streams behind them have moved too.',
        checkByHand:
          'Open Special:RecentChanges of a busy wiki and reload it: new lines keep coming, with the time of now.',
        wentWrongBefore:
          'Nothing is on record. If edits are saved but not listed, look at the job runners (08-restart-job-runners).',
      },
      patience: calm(5 * MINUTE),
      look,
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'it was only looked at' },
  });
}
