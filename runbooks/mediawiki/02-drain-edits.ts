import { type Instant, type Millis, SECOND, instant, plus } from '../../src/domain/instant.js';
import { primaryName } from '../../src/databases/databases.js';
import { type Evidence, blocked, holds, notYet, notYetLongEnough } from '../../src/runbook/finding.js';
import { type Held, type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { primariesOf } from './steps/access-picture.js';
import { nothingToApply } from './steps/observation.js';
import { urgent } from './steps/patience.js';

/**
 * When every app server had been seen read-only: edits that are open then are the last ones. And how many milliseconds
 * the slowest of them took then to answer a small question.
 */
type Since = { readonly since: number; readonly slowest?: number };

/**
 * On a busy site an edit takes longer to its first query and from one transaction to the next; so does the answer to a
 * small question, by which that is told.
 */
const TIMES_SLOWEST = 2;

export function drainEdits(setting: Setting): Task {
  const { installation, params } = setting;
  const { drain, drainAtLeast } = installation.wiki;
  const primaries = primariesOf(installation, params.from);
  const atLeast = ({ slowest = 0 }: Since): Millis => Math.max(drainAtLeast, TIMES_SLOWEST * slowest);
  return defineTask<Since, null>({
    id: '02-drain-edits',
    title: 'Let edits in flight finish',
    after: [{ task: '02-set-read-only', once: 'verified' }],
    explain: {
      does: `Waits until no transaction of the application has been open on the primaries of ${params.from} for ${drainAtLeast / SECOND} s (longer where app servers answer slowly), at most ${drain / SECOND} s: an edit that was on its way when read-only began shall still be saved.`,
      checkByHand: `On each primary in ${params.from}: mysql -e 'SELECT COUNT(*) FROM information_schema.innodb_trx' falls to 0 and stays there. Not more often than every 100 ms: it then returns one and the same picture for ever.`,
      wentWrongBefore:
        'An edit has several transactions, one after the other; between two of them, or before the first, no look sees it, and a drain that was content with one look ended in the middle of an edit. So nothing may be open for a while. An open transaction does not keep the database from becoming read-only; its COMMIT then fails and the editor sees a database error instead of the notice. So what is still open at the end, or was until shortly before, is told as a warning.',
    },
    patience: urgent(drain + 5 * SECOND),
    again: 'safe',
    async check(see) {
      const asked = see.now();
      await see.site.views(bothDatacenters(setting), see.signal);
      const since = see.now();
      return { finding: holds(), before: { since, slowest: since - asked }, changes: [] };
    },
    apply: nothingToApply,
    async verify(see, { before, held }) {
      const answers = await see.databases.openTransactions(primaries);
      const busy: Evidence[] = [];
      const silent: Evidence[] = [];
      for (const { primary, open } of answers) {
        const about = `${primaryName(primary)} open transactions`;
        if (!open.answered) silent.push({ about, seen: `no answer: ${open.because}`, expected: '0' });
        else if (open.value > 0) busy.push({ about, seen: `${open.value}`, expected: '0' });
      }
      if (answers.length < primaries.length)
        silent.push({ about: 'primaries asked', seen: `${answers.length}`, expected: `${primaries.length}` });
      const now = see.now();
      const mayGoOn = now < plus(instant(before.since), drain);
      if (busy.length + silent.length === 0) {
        const since = unbroken(held, now) ?? now;
        if (now >= plus(since, atLeast(before))) return holds([{ about: 'open transactions', seen: 'none' }]);
        if (!mayGoOn)
          return holds([{ about: 'open transactions', seen: 'none, but not for long', warning: true }]);
        const about = 'requests that are between two transactions';
        return notYetLongEnough([{ about, seen: 'may be on their way to the next one' }], since);
      }
      if (mayGoOn) return notYet([...busy, ...silent]);
      if (silent.length > 0) return blocked(silent);
      return holds(busy.map((evidence) => ({ ...evidence, warning: true })));
    },
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'it was only waited' },
  });
}

/** After a longer time without a look, as when the process was restarted, it is not known what was open meanwhile. */
const LOOKS_APART: Millis = SECOND;

/** Since when no look has seen a transaction. */
const unbroken = (held: Held | undefined, now: Instant): Instant | undefined =>
  held !== undefined && now <= plus(held.seenAt, LOOKS_APART) ? held.since : undefined;
