import { type Task, defineTask } from '../../src/runbook/task.js';
import type { Setting } from './setting.js';
import { digByHand, recordsByHand } from './steps/by-hand.js';
import { asRecorded } from './steps/field-picture.js';
import { calm } from './steps/patience.js';
import { setFields } from './steps/set-fields.js';
import { answersHaveTtl, ttlFields } from './steps/ttl.js';

const ID = '00-reduce-ttl';

export function reduceTtl(setting: Setting): Task {
  const { installation } = setting;
  const { ttl, loweredTtl } = installation.dns;
  return defineTask({
    id: ID,
    title: `Reduce the TTL of the discovery records to ${loweredTtl} s`,
    ...setFields({
      explain: {
        does: `Sets the TTL of the wiki's read-write discovery records to ${loweredTtl} s in both datacenters, and asks every authoritative server whether it gives it out. So a client follows the change of phase 4 within ${loweredTtl} s instead of ${ttl} s.`,
        checkByHand: `${recordsByHand(installation)} shows "ttl": ${loweredTtl}. ${digByHand(installation, `the TTL in the answer is at most ${loweredTtl}.`)}`,
        wentWrongBefore:
          'An authoritative server follows the store about two seconds later. Recursors keep an answer they already have for as long as its old TTL said: one was seen with 297 s left after a change. That is waited for in 00-wait-for-old-ttl.',
      },
      patience: calm(),
      wanted: () => ttlFields(setting, loweredTtl),
      observe: (see, facts) => answersHaveTtl(see, setting, facts.before),
    }),
    inLiveTest: 'same',
    inEmergency: 'skip',
    rollback: setFields({
      explain: {
        does: 'Gives the discovery records the TTLs that they had before this run.',
        checkByHand: `${recordsByHand(installation)} shows "ttl": ${ttl}, or what else was recorded when it was reduced.`,
        wentWrongBefore: 'Nothing is on record.',
      },
      patience: calm(),
      wanted: (see) => asRecorded(see, ID),
      observe: (see, facts) => answersHaveTtl(see, setting, facts.before),
    }),
  });
}
