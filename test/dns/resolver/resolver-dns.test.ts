import { afterAll, beforeAll } from '@jest/globals';
import { resolverDns } from '../../../src/dns/resolver/resolver-dns.js';
import { dnsContract } from '../../contracts/dns.contract.js';
import { DnsLab, labRecords } from '../../support/dns-lab.js';
import { codfw, eqiad } from '../../support/practice-installation.js';

let lab: DnsLab;
beforeAll(async () => {
  lab = await DnsLab.open();
}, 60_000);
afterAll(() => lab[Symbol.asyncDispose]());

dnsContract('that are real', async (run) => {
  await lab.asAtFirst();
  const [first] = labRecords;
  const at = (dc: string): string => first?.addresses[dc] ?? '';
  await run({
    dns: resolverDns(lab.options()),
    servers: ['ns0', 'ns1'],
    datacenters: [codfw, eqiad],
    records: ['search', 'swift'],
    async poolFirst(where) {
      await lab.pool('search', where);
      const nearest = (dc: typeof codfw, other: typeof codfw): string =>
        where.includes(dc) ? at(dc) : where.includes(other) ? at(other) : lab.pair.failoid;
      await lab.answered('search', [`${nearest(codfw, eqiad)} 300`, `${nearest(eqiad, codfw)} 300`]);
    },
    async setTtlOfFirst(ttl) {
      await lab.pool('search', [codfw], ttl);
      await lab.answered('search', [`${at(codfw)} ${ttl}`, `${at(codfw)} ${ttl}`]);
    },
    takeDown: (server) => lab.pair.named(server).server.kill(),
    excluding: (server, reason) => resolverDns(lab.options({ excluded: [{ server, reason }] })),
  });
});
