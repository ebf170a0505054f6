import { z } from 'zod';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/instant.js';
import { length, line, list, matching, name, named, section, whole } from './fields.js';

export const datacenterName = name('a datacenter’s name', 'eqiad');
export const recordName = matching(
  /^[a-z0-9][a-z0-9.-]{0,62}$/,
  'a discovery record’s name, such as mw-web-rw',
);

const datacenterSection = section({ name: datacenterName, city: line('where it is', 80) });

export const datacentersSection = section({ northern: datacenterSection, southern: datacenterSection });

export const sectionNames = list(name('a database section', 's1'), 'database sections', 1, 200);

/** Reads as a sentence of the wiki to its editors, so it is not told why in more words than these. */
const READ_ONLY_REASON =
  'You cannot edit now because of maintenance. Please copy your text and try again in a few minutes.';

export const wikiSection = section({
  readWriteRecords: list(recordName, 'discovery records', 1, 100),
  configCacheLifetime: length(0, 10 * MINUTE, '10 s').prefault('10 s'),
  readOnlyReason: line('what editors are told', 1_000).default(READ_ONLY_REASON),
  drain: length(0, 5 * MINUTE, '10 s').prefault('10 s'),
  drainAtLeast: length(0, 5 * MINUTE, '1 s').prefault('1 s'),
  readOnlyBudget: length(SECOND, HOUR, '3 min').prefault('3 min'),
  appServers: named(
    datacenterName,
    whole('how many app servers there are', 1, 10_000),
    'datacenters',
  ).default({}),
});

const ttl = length(SECOND, DAY, '300 s').refine((millis) => millis % SECOND === 0, {
  error: 'a TTL of whole seconds, such as 300 s',
});

const address = z.union([z.ipv4(), z.ipv6()], { error: 'an IPv4 or IPv6 address, such as 10.2.1.22' });

export const dnsSection = section({
  ttl: ttl.prefault('300 s'),
  loweredTtl: ttl.prefault('10 s'),
  servers: list(
    matching(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/, 'a name server, such as ns0'),
    'name servers',
    1,
    100,
  ),
  addresses: named(recordName, named(datacenterName, address, 'datacenters'), 'discovery records'),
});
