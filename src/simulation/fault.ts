import type { Millis } from '../domain/instant.js';
import type { DatacenterName, SectionName } from '../domain/names.js';
import type { HostName } from '../hosts/hosts.js';

/** What can be broken on purpose in the simulated world, and in front of the embedded stores. Plain data, durable. */
export type Fault =
  | { readonly kind: 'host-unreachable'; readonly host: HostName }
  /** A command, by its configured name, exits with 1 and does nothing, wherever it is run. */
  | { readonly kind: 'command-failing'; readonly command: string }
  /** Nothing is replicated into this datacenter, or in neither direction. */
  | {
      readonly kind: 'replication-stuck';
      readonly section: SectionName;
      readonly datacenter?: DatacenterName;
    }
  | { readonly kind: 'database-down'; readonly section: SectionName; readonly datacenter: DatacenterName }
  | { readonly kind: 'app-server-stuck'; readonly server: HostName }
  | { readonly kind: 'dns-server-stuck'; readonly server: string }
  | { readonly kind: 'dns-server-down'; readonly server: string }
  | { readonly kind: 'store-unavailable' }
  /** Writes reach the store, their answers do not reach us. */
  | { readonly kind: 'store-answer-lost' }
  | { readonly kind: 'disk-slow'; readonly delay: Millis };

/** `replication s4`: what is broken; clearing names it. Pure. */
export function faultSubject(fault: Fault): string {
  switch (fault.kind) {
    case 'host-unreachable':
      return `host ${fault.host}`;
    case 'command-failing':
      return `command ${fault.command}`;
    case 'replication-stuck':
      return `replication ${fault.section}${fault.datacenter === undefined ? '' : ` ${fault.datacenter}`}`;
    case 'database-down':
      return `database ${fault.section} ${fault.datacenter}`;
    case 'app-server-stuck':
      return `appserver ${fault.server}`;
    case 'dns-server-stuck':
    case 'dns-server-down':
      return `dns ${fault.server}`;
    case 'store-unavailable':
    case 'store-answer-lost':
      return 'store';
    case 'disk-slow':
      return 'disk';
  }
}

/** Whether a fault is one of a subject's; `replication s4` is about every datacenter of s4. Pure. */
export function isAbout(fault: Fault, subject: string): boolean {
  const own = faultSubject(fault);
  return own === subject || own.startsWith(`${subject} `);
}

/** `replication s4 stuck`: the words that cause it. Pure. */
export function faultText(fault: Fault): string {
  return `${faultSubject(fault)} ${conditionOf(fault)}`;
}

function conditionOf(fault: Fault): string {
  switch (fault.kind) {
    case 'host-unreachable':
      return 'unreachable';
    case 'command-failing':
      return 'failing';
    case 'replication-stuck':
    case 'app-server-stuck':
    case 'dns-server-stuck':
      return 'stuck';
    case 'database-down':
    case 'dns-server-down':
      return 'down';
    case 'store-unavailable':
      return 'unavailable';
    case 'store-answer-lost':
      return 'answer-lost';
    case 'disk-slow':
      return `slow ${fault.delay}ms`;
  }
}
