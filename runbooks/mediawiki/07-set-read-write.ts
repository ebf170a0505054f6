import type { DatacenterName } from '../../src/domain/names.js';
import { type Step, type Task, defineTask } from '../../src/runbook/task.js';
import { testNotice } from './02-set-read-only.js';
import { type Setting, bothDatacenters } from './setting.js';
import { everyAppServer, showReadOnly } from './steps/app-servers.js';
import { appServersByHand, configByHand } from './steps/by-hand.js';
import type { FieldPicture } from './steps/field-picture.js';
import { untilCachesExpire } from './steps/patience.js';
import { setFields } from './steps/set-fields.js';
import { readOnlyFields, writtenBySomebodyElse } from './steps/wiki-config.js';

/** What is told to a person who aborts from here on. */
export const ONLY_FORWARD =
  'from here on people save edits in the new primary, and the old one may not have them: going back needs a read-only time of its own, that is, a switchover in the other direction';

export function setReadWrite(setting: Setting): Task {
  const { params } = setting;
  return defineTask({
    id: '07-set-read-write',
    title: 'Set the wikis read-write',
    ...readWrite(setting, bothDatacenters(setting), params.roReason),
    inLiveTest: {
      ...readWrite(setting, [params.from], testNotice(setting)),
      rollback: { needless: `${params.from} is as it was before the test` },
    },
    inEmergency: 'same',
    rollback: { impossible: ONLY_FORWARD },
  });
}

function readWrite(
  setting: Setting,
  datacenters: readonly DatacenterName[],
  notice: string,
): Step<readonly FieldPicture[], null> {
  const { installation } = setting;
  const where = datacenters.join(' and ');
  return setFields({
    explain: {
      does: `Sets ReadOnly of ${where} to false, and asks every app server there whether editing is possible. When all say so, the clock stops. Breathe.`,
      checkByHand: `${configByHand('ReadOnly')} shows false. ${appServersByHand(where, 'readonly is false.')} Then edit a page.`,
      wentWrongBefore:
        'A datacenter whose replication is broken goes on being read-only "until replication lag decreases", although ReadOnly is false: look at the replication there. For 0.4 to 1 s after the databases were opened a few more edits were refused.',
    },
    patience: untilCachesExpire(installation),
    wanted: () => readOnlyFields(datacenters, false),
    forbids: (_see, pictures) => writtenBySomebodyElse(pictures, [false, notice]),
    observe: (see, { appliedAt }) =>
      everyAppServer(see, installation, {
        of: datacenters,
        expected: 'read-write',
        says: showReadOnly(false),
        since: appliedAt.latest,
      }),
  });
}
