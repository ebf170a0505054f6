import type { DatacenterName } from '../../src/domain/names.js';
import { modeMark } from '../../src/runbook/mode.js';
import { type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { everyAppServer, showReadOnly } from './steps/app-servers.js';
import { appServersByHand, configByHand } from './steps/by-hand.js';
import type { FieldPicture } from './steps/field-picture.js';
import { untilCachesExpire } from './steps/patience.js';
import { setFields } from './steps/set-fields.js';
import { readOnlyFields, writtenBySomebodyElse } from './steps/wiki-config.js';

export function setReadOnly(setting: Setting): Task {
  const { params } = setting;
  const both = bothDatacenters(setting);
  return defineTask({
    id: '02-set-read-only',
    title: 'Set the wikis read-only',
    ...readOnlyWith(setting, both, params.roReason),
    // Only `from`, which nobody edits through: `to` is the primary.
    inLiveTest: {
      ...readOnlyWith(setting, [params.from], testNotice(setting)),
      rollback: readWriteAgain(setting, [params.from], testNotice(setting)),
    },
    inEmergency: 'same',
    rollback: readWriteAgain(setting, both, params.roReason),
  });
}

/** The notice of a rehearsal says that it is none to act upon. Pure. */
export const testNotice = ({ params }: Setting): string => `${modeMark('live-test')}${params.roReason}`;

function readOnlyWith(
  setting: Setting,
  datacenters: readonly DatacenterName[],
  notice: string,
): Step<readonly FieldPicture[], null> {
  const { installation } = setting;
  const where = datacenters.join(' and ');
  return setFields({
    explain: {
      does: `Sets ReadOnly of ${where} to "${notice}" in the state store, and asks every app server there whether it shows it. From here on edits are refused, and the clock runs.`,
      checkByHand: `${configByHand('ReadOnly')} shows the text. ${appServersByHand(where, 'readonly is true, and readonlyreason is that text (it can be read-only for reasons of the database, too).')}`,
      wentWrongBefore:
        'A rehearsal set the site that people edited read-only for two minutes, and its log said [DRY-RUN] and PASS (T330300); one other site stayed so for 54 minutes. A sample of ten app servers passes 60 % of the time while 5 % are stale: all are asked. Once read-only began two minutes before the announced time.',
    },
    patience: untilCachesExpire(installation),
    wanted: () => readOnlyFields(datacenters, notice),
    forbids: (_see, pictures) => writtenBySomebodyElse(pictures, [false, notice]),
    observe: (see, { appliedAt }) =>
      everyAppServer(see, installation, {
        of: datacenters,
        expected: `read-only: ${notice}`,
        says: showReadOnly(notice),
        since: appliedAt.latest,
      }),
  });
}

function readWriteAgain(setting: Setting, datacenters: readonly DatacenterName[], notice: string): Undo {
  const { installation } = setting;
  const where = datacenters.join(' and ');
  return setFields({
    explain: {
      does: `Sets ReadOnly of ${where} to false again. What was changed after it has been taken back before, so people edit where they did.`,
      checkByHand: `${configByHand('ReadOnly')} shows false. ${appServersByHand(where, 'readonly is false.')}`,
      wentWrongBefore:
        'A datacenter whose replication is broken goes on being read-only "until replication lag decreases", although ReadOnly is false.',
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
