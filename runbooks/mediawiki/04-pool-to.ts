import { SECOND } from '../../src/domain/instant.js';
import { type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { alreadySo } from './steps/already-so.js';
import { digByHand, recordsByHand } from './steps/by-hand.js';
import { everyDnsServer, resolvesTo } from './steps/dns-answers.js';
import { type FieldPicture, asRecorded } from './steps/field-picture.js';
import { notPooledElsewhere } from './steps/not-pooled-elsewhere.js';
import { urgent } from './steps/patience.js';
import { provenInPhase } from './steps/proven-in-phase.js';
import { recordFields } from './steps/record-fields.js';
import { setFields } from './steps/set-fields.js';

const ID = '04-pool-to';

export function poolTo(setting: Setting): Task {
  const { to } = setting.params;
  const step = pool(setting);
  return defineTask({
    id: ID,
    title: `Pool the discovery records in ${to}`,
    ...provenInPhase(setting),
    ...step,
    inLiveTest: alreadySo(step),
    inEmergency: 'same',
    rollback: depoolAgain(setting),
  });
}

function pool(setting: Setting): Step<readonly FieldPicture[], null> {
  const { installation, params } = setting;
  const { from, to } = params;
  return setFields({
    explain: {
      does: `Pools the wiki's read-write discovery records in ${to}, where they are about to be the only ones. Both datacenters are pooled now: no moment without any, and DNS does not change yet.`,
      checkByHand: `${recordsByHand(installation)} shows "pooled": true for ${to} and still for ${from}.`,
      wentWrongBefore:
        'A record that is pooled nowhere still gets an address as its answer, one that refuses connections. So the new datacenter is pooled before the old one is depooled.',
    },
    patience: urgent(30 * SECOND),
    wanted: () => recordFields(setting, [to], 'pooled', true),
  });
}

function depoolAgain(setting: Setting): Undo {
  const { installation, params } = setting;
  const { from, to } = params;
  return setFields({
    explain: {
      does: `Depools the discovery records in ${to} where they were not pooled before this run, and asks every authoritative server whether it answers with ${from} again.`,
      checkByHand: `${recordsByHand(installation)} shows "pooled": false for ${to}, true for ${from}. ${digByHand(installation, `the address is that of ${from}.`)}`,
      wentWrongBefore:
        'An authoritative server follows the store about two seconds later. The last pooled datacenter of a record is never depooled.',
    },
    patience: urgent(30 * SECOND),
    wanted: (see) => asRecorded(see, ID),
    forbids: (see) => notPooledElsewhere(see, setting, from),
    observe: (see) =>
      everyDnsServer(see, installation, { clientsIn: bothDatacenters(setting), ...resolvesTo(see, from) }),
  });
}
