import type { Installation } from '../../../src/domain/installation.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import { listed } from '../../../src/domain/text.js';
import type { Access } from '../../../src/databases/databases.js';
import type { HostOperation } from '../../../src/hosts/operation.js';
import type { Setting } from '../setting.js';
import { targetsOf } from './host-facts.js';

/** The commands by which a person looks at the same things as a task does; with names from the configuration. Pure. */

/** `confctl --object-type discovery select 'dnsdisc=(mw-web-rw)' get` */
export function recordsByHand({ wiki }: Installation): string {
  return `confctl --object-type discovery select 'dnsdisc=(${wiki.readWriteRecords.join('|')})' get`;
}

/** `confctl --object-type mwconfig select 'name=ReadOnly' get` */
export const configByHand = (name: 'ReadOnly' | 'WMFMasterDatacenter'): string =>
  `confctl --object-type mwconfig select 'name=${name}' get`;

/** What an app server says about itself. */
export function appServersByHand(where: string, looksLike: string): string {
  return (
    `Ask each app server of ${where} by its own address, not through the load balancer: ` +
    `curl -s 'http://SERVER/w/api.php?action=query&meta=siteinfo&format=json&formatversion=2'; ${looksLike}`
  );
}

/** One question to one authoritative server for a client in a datacenter. */
export function digByHand({ dns, wiki }: Installation, looksLike: string): string {
  return (
    `Ask every authoritative server (${listed(dns.servers)}), for a client in each datacenter, and not a recursor: ` +
    `dig @${dns.servers[0] ?? 'SERVER'} RECORD +subnet=ADDRESS +noall +answer, where RECORD is the full name of ` +
    `${listed(wiki.readWriteRecords, 'or')} and ADDRESS any address of that datacenter; ${looksLike}`
  );
}

/** Whether the primaries of a datacenter are read-only. */
export function accessByHand(dc: DatacenterName, access: Access, { sections }: Installation): string {
  const value = access === 'read-only' ? '1 (read-only)' : '0 (read-write)';
  return (
    `On the primary in ${dc} of each section (${sections.join(' ')}): ` +
    `mysql -e 'SELECT @@global.read_only' answers ${value}.`
  );
}

/** The configured command that tells whether a host operation is done. */
export function probeByHand(
  setting: Setting,
  operation: HostOperation,
  dcs: readonly DatacenterName[],
): string {
  const lines = targetsOf(setting, operation, dcs).map(
    ({ query, probe }) => `on ${query}: ${probe.argv.join(' ')}`,
  );
  return `Run ${listed(lines)}; the answer is "${operation.wanted}".`;
}
