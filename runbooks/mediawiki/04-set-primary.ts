import type { DatacenterName } from '../../src/domain/names.js';
import type { Finding } from '../../src/runbook/finding.js';
import { type Facts, type Step, type Task, type Undo, defineTask } from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import { type Setting, bothDatacenters } from './setting.js';
import { alreadySo } from './steps/already-so.js';
import { everyAppServer } from './steps/app-servers.js';
import { appServersByHand, configByHand } from './steps/by-hand.js';
import type { FieldPicture } from './steps/field-picture.js';
import { untilCachesExpire } from './steps/patience.js';
import { lookedForBeside, provenInPhase } from './steps/proven-in-phase.js';
import { setFields } from './steps/set-fields.js';
import { primaryField, writtenBySomebodyElse } from './steps/wiki-config.js';

export function setPrimary(setting: Setting): Task {
  const { from, to } = setting.params;
  const forward = namePrimary(setting, to);
  const step = { ...forward, patience: lookedForBeside(setting, forward.patience) };
  return defineTask({
    id: '04-set-primary',
    title: `Tell the wikis that ${to} is the primary datacenter`,
    after: [{ task: '04-pool-to', once: 'applied' }],
    ...provenInPhase(setting),
    ...step,
    inLiveTest: alreadySo(step),
    inEmergency: 'same',
    rollback: namePrimary(setting, from) satisfies Undo,
  });
}

function namePrimary(setting: Setting, primary: DatacenterName): Step<readonly FieldPicture[], null> {
  const { installation, params } = setting;
  const both = bothDatacenters(setting);
  const where = both.join(' and ');
  return setFields({
    explain: {
      does: `Sets WMFMasterDatacenter to ${primary} in the state store, so that the wikis write to the databases there, and asks every app server of ${where} whether it has read it. Until the last one's configuration cache has expired (${installation.wiki.configCacheLifetime / 1000} s), some may still write to the other.`,
      checkByHand: `${configByHand('WMFMasterDatacenter')} shows "${primary}". ${appServersByHand(where, `wmf-config names ${primary} as the primary datacenter.`)}`,
      wentWrongBefore:
        'A fixed sleep here hid a race that showed as soon as the sleep was gone; a sample of servers passes with stale ones among them. One value that cannot be read, or an empty directory beside it, makes every app server answer HTTP 500: this key is only written through the store, which validates it.',
    },
    patience: untilCachesExpire(installation),
    wanted: () => [primaryField(primary)],
    forbids: (_see, pictures) => writtenBySomebodyElse(pictures, [params.from, params.to]),
    observe: (see, facts) => allBelieve(see, setting, primary, facts),
  });
}

function allBelieve(
  see: Readers,
  setting: Setting,
  primary: DatacenterName,
  { appliedAt }: Facts<readonly FieldPicture[], null>,
): Promise<Finding> {
  return everyAppServer(see, setting.installation, {
    of: bothDatacenters(setting),
    expected: `primary is ${primary}`,
    says: (view) => ({ seen: `primary is ${view.primary}`, asExpected: view.primary === primary }),
    since: appliedAt.latest,
  });
}
