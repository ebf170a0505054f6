import { type Task, defineTask } from '../../src/runbook/task.js';
import { type Setting, bothDatacenters } from './setting.js';
import { probeByHand } from './steps/by-hand.js';
import { onHosts } from './steps/on-hosts.js';
import { calm } from './steps/patience.js';

const ID = '08-wipe-recursor-caches';

/** In no hurry: app servers of the old datacenter, to which a cache still leads, write to the new primary as well. */
export function wipeRecursorCaches(setting: Setting): Task {
  const { installation, operations, params } = setting;
  const { ttl, loweredTtl } = installation.dns;
  const operation = operations['wipe-discovery-caches'];
  const datacenters = bothDatacenters(setting);
  return defineTask({
    id: ID,
    title: 'Wipe the records that have moved from the caches of the recursors',
    ...onHosts({
      explain: {
        does: `Makes the recursors of both datacenters forget the records that have moved, so that they ask the authoritative servers anew. The proxies of the job runners resolve their name when they are restarted; from a cache they would be told the address in ${params.from} until its TTL is over. Best effort: a recursor where it fails is only told.`,
        checkByHand: probeByHand(setting, operation, datacenters),
        wentWrongBefore: `Nothing is on record. A cache that cannot be wiped ends by itself with the TTL: ${loweredTtl} s, or ${ttl} s where it was not lowered, as in an emergency. If a job runner was restarted before that, restart it once more.`,
      },
      patience: calm(),
      setting,
      operation,
      datacenters,
      success: 'best-effort',
      oncePerRun: ID,
    }),
    inLiveTest: 'same',
    inEmergency: 'same',
    rollback: { needless: 'a cache that was wiped fills again with what is true' },
  });
}
