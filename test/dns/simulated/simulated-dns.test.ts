import { sleep } from '../../../src/domain/clock.js';
import { MINUTE } from '../../../src/domain/instant.js';
import { simulatedDns } from '../../../src/dns/simulated/simulated-dns.js';
import type { Fields } from '../../../src/state/store.js';
import { dnsContract } from '../../contracts/dns.contract.js';
import { codfw, eqiad } from '../../support/practice-installation.js';
import { openTwoDatacenters } from '../../support/two-datacenters.js';
import { SwitchByHand } from '../../support/switch-by-hand.js';

dnsContract('of the simulation', async (run) => {
  using pair = openTwoDatacenters();
  const by = new SwitchByHand(pair, codfw, eqiad);
  const change = async (name: string, to: Fields): Promise<void> => {
    await by.replace({ kind: 'discovery', tags: { dnsdisc: 'mw-web-rw', name }, from: {}, to });
    await sleep(pair.clock, MINUTE);
  };
  await run({
    dns: pair.dns,
    servers: pair.installation.dns.servers,
    datacenters: [codfw, eqiad],
    records: ['mw-web-rw', 'mw-api-ext-rw'],
    async poolFirst(where) {
      for (const dc of [codfw, eqiad]) await change(dc, { pooled: where.includes(dc) });
    },
    async setTtlOfFirst(ttl) {
      for (const dc of [codfw, eqiad]) await change(dc, { ttl });
    },
    takeDown(server) {
      pair.world.faults.cause({ kind: 'dns-server-down', server });
      return Promise.resolve();
    },
    excluding: (server, reason) =>
      simulatedDns(pair.world, (record, dc) => pair.dns.addressOf(record, dc), [{ server, reason }]),
  });
});
