import { SECOND } from '../../src/domain/instant.js';
import { type Finding, holds } from '../../src/runbook/finding.js';
import { type Explanation, type Step, type Task, defineTask } from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import type { Setting } from './setting.js';
import { allHaveAccess } from './steps/access-picture.js';
import {
  type Beats,
  type Pair,
  beatsWithoutPosition,
  caughtUp,
  replicationFlows,
} from './steps/caught-up.js';
import { nothingToApply } from './steps/observation.js';
import { urgent } from './steps/patience.js';

export function waitUntilInSync(setting: Setting): Task {
  const { from, to } = setting.params;
  return defineTask({
    id: '03-wait-until-in-sync',
    title: `Wait until ${to} has executed everything written in ${from}`,
    after: [{ task: '03-set-db-read-only', once: 'verified' }],
    ...inSync(setting, (finding) => finding),
    // Circular replication may not be set up yet when a live test is made: then it is told, and the test goes on.
    inLiveTest: { ...inSync(setting, asWarning), rollback: { needless: 'it was only waited' } },
    inEmergency: 'same',
    rollback: { needless: 'it was only waited' },
  });
}

/** The heartbeats of primaries without a position; null where each has one. */
type Recorded = { readonly beats: Beats } | null;

/** Records no position: each look reads them anew, after `from` was seen read-only. */
function inSync(setting: Setting, tell: (finding: Finding) => Finding): Step<Recorded, null> {
  const { installation, params } = setting;
  const pair: Pair = { ahead: params.from, behind: params.to };
  const isLocked = (see: Readers): Promise<Finding> =>
    allHaveAccess(see, installation, params.from, 'read-only');
  return {
    explain: explain(setting),
    patience: urgent(30 * SECOND),
    again: 'safe',
    async check(see) {
      const locked = await isLocked(see);
      if (locked.kind !== 'holds') return { finding: locked, before: null, changes: [] };
      const flows = await replicationFlows(see, installation, pair);
      if (flows.kind !== 'holds') return { finding: tell(flows), before: null, changes: [] };
      const beats = await beatsWithoutPosition(see, installation, pair.ahead);
      return { finding: flows, before: Object.keys(beats).length === 0 ? null : { beats }, changes: [] };
    },
    apply: nothingToApply,
    async verify(see, { before }) {
      const locked = await isLocked(see);
      if (locked.kind !== 'holds') return locked;
      return tell(await caughtUp(see, installation, pair, before?.beats));
    },
  };
}

function asWarning(finding: Finding): Finding {
  return finding.kind === 'holds'
    ? finding
    : holds(finding.evidence.map((evidence) => ({ ...evidence, warning: true })));
}

function explain({ installation, params }: Setting): Explanation {
  const { from, to } = params;
  return {
    does: `Reads the position of every primary in ${from}, now that nothing is written there any more, and waits until the primary of the same section in ${to} has executed it. Then, and only then, ${to} holds every edit.`,
    checkByHand: `For each section (${installation.sections.join(' ')}): in ${from}: mysql -e 'SELECT @@global.gtid_binlog_pos'; in ${to}: mysql -e "SELECT MASTER_GTID_WAIT('THAT POSITION', 10)" answers 0, and SHOW SLAVE STATUS shows both threads running.`,
    wentWrongBefore:
      'MASTER_GTID_WAIT of an empty position answers 0 at once, and with a stopped replication thread it only runs into its timeout: the state of replication is looked at too. A failed wait followed by a wait without an end has hung for ten minutes. If replication stands still, find the error in SHOW SLAVE STATUS; `abort` takes everything back from here.',
  };
}
