import type { Clock } from '../domain/clock.js';
import { type Millis, formatLength } from '../domain/instant.js';
import type { Authority } from '../domain/reason.js';
import { type PermitSubject, permits } from '../access/permit.js';
import type { Write } from '../access/write.js';
import type { HostName } from '../hosts/hosts.js';
import { longestRun } from '../hosts/longest-run.js';
import type { DatacenterName } from '../domain/names.js';
import type { Writers } from '../runbook/world.js';
import { FenceLost } from '../state/errors.js';
import type { Lease, LockName } from '../state/locks.js';
import type { Change } from '../state/store.js';
import { LeaseTooShort, NotPermitted } from './errors.js';
import type { Ports } from './ports.js';

/** How long one statement that changes a database's access may wait for running ones. */
const STATEMENT_DEADLINE: Millis = 5_000;
/** How long servers may take until they replicate: they connect to one another for it. */
const REPLICATION_DEADLINE: Millis = 10_000;

export interface WriterBinding {
  readonly subject: PermitSubject;
  readonly authority: Authority;
  readonly leases: ReadonlyMap<LockName, Lease>;
  /** Told of a lease whose fence the store has refused: it would hear of that only at its next renewal. */
  refused(lease: Lease): void;
  readonly signal: AbortSignal;
  datacenterOf(host: HostName): DatacenterName | undefined;
}

/**
 * Writers that refuse whatever the permit does not allow and whatever the run's locks do not cover, before anything is
 * sent. The store compares the fence inside its transaction; hosts and databases cannot, so there the lease must outlast
 * the call.
 */
export function guardedWriters(ports: Ports, clock: Clock, binding: WriterBinding): Writers {
  const { subject, authority, leases, signal } = binding;
  const datacenterOf = (host: HostName): DatacenterName | undefined => binding.datacenterOf(host);
  const permit = (write: Write): void => {
    const answer = permits(subject, write);
    if (!answer.allowed) throw new NotPermitted(`refused: ${answer.because}`);
  };
  const held = (name: LockName): Lease => {
    const lease = leases.get(name);
    if (lease === undefined || lease.lost.aborted) throw new LeaseTooShort(`the lock ${name} is not held`);
    return lease;
  };
  const outlasts = (name: LockName, deadline: Millis): void => {
    const left = held(name).remaining();
    if (left <= deadline)
      throw new LeaseTooShort(
        `the lock ${name} lasts ${formatLength(Math.max(0, left))} more, the call may take ${formatLength(deadline)}`,
      );
  };
  return {
    state: {
      async replace(changes) {
        for (const change of changes) permit({ on: 'state', change });
        const lease = leaseFor(changes, held);
        try {
          return await ports.state.replace(changes, authority, lease.fence);
        } catch (error) {
          if (error instanceof FenceLost) binding.refused(lease);
          throw error;
        }
      },
    },
    databases: {
      async setAccess(of, access) {
        for (const primary of of) {
          permit({ on: 'database', primary, access });
          outlasts(`database/${primary.section}`, STATEMENT_DEADLINE);
        }
        return ports.databases.setAccess(of, access, authority, STATEMENT_DEADLINE);
      },
      async setReplication(of, to) {
        for (const primary of of) {
          permit({ on: 'replication', primary, to });
          outlasts(`database/${primary.section}`, REPLICATION_DEADLINE);
        }
        return ports.databases.setReplication(of, to, authority, REPLICATION_DEADLINE);
      },
    },
    hosts: {
      async run(query, command) {
        const hosts = ports.hosts.find(query);
        permit({ on: 'hosts', operation: command.name, hosts, datacenterOf });
        const longest = longestRun(command, hosts.length);
        if (held('mediawiki').remaining() <= longest)
          await held('mediawiki').extend(longest + STATEMENT_DEADLINE);
        outlasts('mediawiki', longest);
        return ports.hosts.run(query, command, authority, signal);
      },
    },
    signal,
    now: () => clock.now(),
  };
}

/** Discovery and geodns objects have locks of their own; the wiki's configuration belongs to the run of the wiki. */
function leaseFor(changes: readonly Change[], held: (name: LockName) => Lease): Lease {
  const kind = changes[0]?.kind;
  return held(kind === undefined || kind === 'mwconfig' ? 'mediawiki' : kind);
}
