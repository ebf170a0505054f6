import { type Task, defineTask } from '../../src/runbook/task.js';
import type { Readers } from '../../src/runbook/world.js';
import type { Setting } from './setting.js';
import { digByHand, recordsByHand } from './steps/by-hand.js';
import { type WantedField, recallFields } from './steps/field-picture.js';
import { calm } from './steps/patience.js';
import { setFields } from './steps/set-fields.js';
import { answersHaveTtl, ttlFields } from './steps/ttl.js';

export function restoreTtl(setting: Setting): Task {
  const { installation } = setting;
  const { ttl } = installation.dns;
  return defineTask({
    id: '09-restore-ttl',
    title: `Restore the TTL of the discovery records to ${ttl} s`,
    ...setFields({
      explain: {
        does: `Gives the wiki's read-write discovery records the TTL back that they had before 00-reduce-ttl (usually ${ttl} s), and asks every authoritative server whether it gives it out.`,
        checkByHand: `${recordsByHand(installation)} shows "ttl": ${ttl}. ${digByHand(installation, `the TTL in the answer is ${ttl}.`)}`,
        wentWrongBefore:
          'Nothing is on record. An authoritative server follows the store about two seconds later.',
      },
      patience: calm(),
      wanted: (see) => usualTtls(see, setting),
      observe: (see, facts) => answersHaveTtl(see, setting, facts.before),
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'the usual TTL is right in either datacenter' },
  });
}

/** As recorded; the usual one where that was not recorded, or was low already when it was (left by an earlier run). */
function usualTtls(see: Readers, setting: Setting): WantedField[] {
  const { ttl, loweredTtl } = setting.installation.dns;
  const recorded = recallFields(see, '00-reduce-ttl') ?? [];
  return ttlFields(setting, ttl).map((field) => {
    const own = recorded.find(
      ({ tags }) => tags['dnsdisc'] === field.tags['dnsdisc'] && tags['name'] === field.tags['name'],
    );
    return own !== undefined && Number(own.was) > loweredTtl ? { ...field, wanted: own.was } : field;
  });
}
