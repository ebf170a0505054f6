import { SECOND } from '../../../src/domain/instant.js';
import type { Finding } from '../../../src/runbook/finding.js';
import type { Readers } from '../../../src/runbook/world.js';
import { type Setting, bothDatacenters } from '../setting.js';
import { everyDnsServer } from './dns-answers.js';
import type { FieldPicture, WantedField } from './field-picture.js';
import { recordFields } from './record-fields.js';

/** The TTL of the wiki's read-write records in both datacenters, in seconds. Pure. */
export const ttlFields = (setting: Setting, seconds: number): WantedField[] =>
  recordFields(setting, bothDatacenters(setting), 'ttl', seconds);

/**
 * Whether every authoritative server gives out, for each record, one of the TTLs that it has been given: a server takes
 * the TTL of the datacenter that it answers with.
 */
export function answersHaveTtl(
  see: Readers,
  setting: Setting,
  given: readonly FieldPicture[],
): Promise<Finding> {
  const ttls = (record: string): number[] => [
    ...new Set(given.filter(({ tags }) => tags['dnsdisc'] === record).map(({ wanted }) => Number(wanted))),
  ];
  return everyDnsServer(see, setting.installation, {
    clientsIn: bothDatacenters(setting),
    expected: (record) => `TTL ${ttls(record).join(' or ')} s`,
    says: (record, { ttl }) => ({
      seen: `TTL ${ttl / SECOND} s`,
      asExpected: ttls(record).includes(ttl / SECOND),
    }),
  });
}
