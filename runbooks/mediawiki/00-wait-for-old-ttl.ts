import { type Instant, SECOND, instant, plus } from '../../src/domain/instant.js';
import { holds, notYet } from '../../src/runbook/finding.js';
import { type Task, defineTask } from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import type { Setting } from './setting.js';
import { recallFields } from './steps/field-picture.js';
import { nothingToApply } from './steps/observation.js';
import { calm } from './steps/patience.js';

/** From when on no authoritative server gave out the old TTL any more. */
type Since = { readonly since: number };

/**
 * A task of its own, after the proof of 00-reduce-ttl: the time counts from when the last authoritative server had
 * followed, not from when the store was written, and a restart goes on with the same end.
 */
export function waitForOldTtl({ installation }: Setting): Task {
  const { ttl, loweredTtl } = installation.dns;
  return defineTask<Since, null>({
    id: '00-wait-for-old-ttl',
    title: `Wait until no recursor can hold an answer with the old TTL`,
    after: [{ task: '00-reduce-ttl', once: 'verified' }],
    explain: {
      does: `Waits for the old TTL (${ttl} s), counted from when every authoritative server gave out ${loweredTtl} s. Until then a recursor may still hold an answer that it keeps for ${ttl} s.`,
      checkByHand: `Ask a recursor twice, ten seconds apart: dig @RECURSOR RECORD. The TTL in the answer never exceeds ${loweredTtl}.`,
      wentWrongBefore:
        'Sleeps without a visible end have made people wonder whether the run was stuck: `why` shows when this one ends. There is nothing to do but wait.',
    },
    patience: calm(),
    again: 'safe',
    check: (see) => Promise.resolve({ finding: holds(), before: { since: see.now() }, changes: [] }),
    apply: nothingToApply,
    verify(see, { before }) {
      const end = endOfOldTtl(see, before, ttl);
      const about = 'the old TTL';
      if (see.now() >= end) return Promise.resolve(holds([{ about, seen: 'has passed everywhere' }]));
      return Promise.resolve(notYet([{ about, seen: 'recursors may still hold it' }], end));
    },
    inLiveTest: 'same',
    inEmergency: 'skip',
    rollback: { needless: 'it was only waited' },
  });
}

/** A TTL found low already may have been lowered a moment ago, so never less than the usual one is waited for. */
function endOfOldTtl(see: Readers, { since }: Since, usual: number): Instant {
  const old = (recallFields(see, '00-reduce-ttl') ?? []).map(({ was }) => Number(was));
  return plus(instant(since), Math.max(usual, ...old) * SECOND);
}
