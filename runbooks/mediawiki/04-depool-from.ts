import { SECOND } from '../../src/domain/instant.js';
import { type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { alreadySo } from './steps/already-so.js';
import { digByHand, recordsByHand } from './steps/by-hand.js';
import { everyDnsServer, resolvesTo } from './steps/dns-answers.js';
import { type FieldPicture, asRecorded } from './steps/field-picture.js';
import { notPooledElsewhere } from './steps/not-pooled-elsewhere.js';
import { untilDnsFollows, urgent } from './steps/patience.js';
import { lookedForBeside, provenInPhase } from './steps/proven-in-phase.js';
import { recordFields } from './steps/record-fields.js';
import { setFields } from './steps/set-fields.js';

const ID = '04-depool-from';

export function depoolFrom(setting: Setting): Task {
  const step = depool(setting);
  return defineTask({
    id: ID,
    title: `Depool the discovery records in ${setting.params.from}`,
    after: [{ task: '04-set-primary', once: 'applied' }],
    ...provenInPhase(setting),
    ...step,
    inLiveTest: alreadySo(step),
    inEmergency: 'same',
    rollback: poolAgain(setting),
  });
}

function depool(setting: Setting): Step<readonly FieldPicture[], null> {
  const { installation, params } = setting;
  const { from, to } = params;
  return setFields({
    explain: {
      does: `Depools the wiki's read-write discovery records in ${from}; DNS changes now. Then asks every authoritative server, as a client of each datacenter, whether each record resolves to ${to}.`,
      checkByHand: `${recordsByHand(installation)} shows "pooled": false for ${from}, true for ${to}. ${digByHand(installation, `the address is that of ${to}.`)}`,
      wentWrongBefore:
        'With every datacenter depooled DNS still answers with an address, so "it resolves" proves nothing: the address is compared. An authoritative server follows the store about two seconds later. If one does not follow, look whether it renders its state file from the store (a watcher refuses to replace it with nonsense).',
    },
    patience: lookedForBeside(setting, untilDnsFollows),
    wanted: () => recordFields(setting, [from], 'pooled', false),
    forbids: (see) => notPooledElsewhere(see, setting, to),
    observe: (see) =>
      everyDnsServer(see, installation, { clientsIn: bothDatacenters(setting), ...resolvesTo(see, to) }),
  });
}

function poolAgain(setting: Setting): Undo {
  const { installation, params } = setting;
  return setFields({
    explain: {
      does: `Pools the discovery records in ${params.from} again, as they were before this run. Both datacenters are pooled then, until ${params.to} is depooled.`,
      checkByHand: `${recordsByHand(installation)} shows "pooled": true for ${params.from}.`,
      wentWrongBefore: 'Nothing is on record.',
    },
    patience: urgent(30 * SECOND),
    wanted: (see) => asRecorded(see, ID),
  });
}
