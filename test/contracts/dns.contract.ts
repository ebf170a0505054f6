import { describe, expect, it } from '@jest/globals';
import type { DatacenterName } from '../../src/domain/names.js';
import type { DnsAnswer, DnsReader, RecordName } from '../../src/dns/dns.js';

export interface DnsUnderTest {
  readonly dns: DnsReader;
  readonly servers: readonly string[];
  /** Two datacenters; the records are pooled in the first alone. */
  readonly datacenters: readonly [DatacenterName, DatacenterName];
  readonly records: readonly [RecordName, RecordName];
  /** Says where the first record is pooled, and waits until the servers can have followed. */
  poolFirst(where: readonly DatacenterName[]): Promise<void>;
  setTtlOfFirst(seconds: number): Promise<void>;
  takeDown(server: string): Promise<void>;
  /** The same servers, for a reader that leaves one out. */
  excluding(server: string, reason: string): DnsReader;
}

const { signal } = new AbortController();

/** What every adapter that asks authoritative servers does. */
export function dnsContract(
  name: string,
  withDns: (test: (under: DnsUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (sentence: string, test: (under: DnsUnderTest) => Promise<void>): void =>
    it(sentence, () => withDns(test));
  const addresses = (answers: readonly DnsAnswer[]): (string | undefined)[] =>
    answers.map(({ answer }) => (answer.answered ? answer.address : undefined));

  describe(`authoritative servers ${name}`, () => {
    given('are all asked, for each record, with the subnet of each datacenter', async (under) => {
      const { dns, servers, datacenters, records } = under;
      const answers = await dns.ask(records, datacenters, signal);
      const asked = answers.map(({ server, record, clientIn }) => `${server} ${record} ${clientIn}`);
      const wanted = servers.flatMap((server) =>
        records.flatMap((record) => datacenters.map((clientIn) => `${server} ${record} ${clientIn}`)),
      );
      expect([...asked].sort()).toEqual([...wanted].sort());
      expect(await dns.ask([], datacenters, signal)).toEqual([]);
    });

    given('lead every client to the only datacenter in which a record is pooled', async (under) => {
      const { dns, datacenters, records } = under;
      const answers = await dns.ask(records, datacenters, signal);
      for (const { record, answer } of answers)
        expect(answer).toMatchObject({ answered: true, address: dns.addressOf(record, datacenters[0]) });
    });

    given('lead each client to its own datacenter while a record is pooled in both', async (under) => {
      const { dns, datacenters, records } = under;
      await under.poolFirst(datacenters);
      for (const { record, clientIn, answer } of await dns.ask([records[0]], datacenters, signal))
        expect(answer).toMatchObject({ answered: true, address: dns.addressOf(record, clientIn) });
    });

    given('lead to the new datacenter after the change, and leave other records alone', async (under) => {
      const { dns, datacenters, records } = under;
      await under.poolFirst([datacenters[1]]);
      expect(new Set(addresses(await dns.ask([records[0]], datacenters, signal)))).toEqual(
        new Set([dns.addressOf(records[0], datacenters[1])]),
      );
      expect(new Set(addresses(await dns.ask([records[1]], datacenters, signal)))).toEqual(
        new Set([dns.addressOf(records[1], datacenters[0])]),
      );
    });

    given('lead nowhere that serves when a record is pooled in no datacenter', async (under) => {
      const { dns, datacenters, records } = under;
      await under.poolFirst([]);
      const serving = datacenters.map((dc) => dns.addressOf(records[0], dc));
      for (const address of addresses(await dns.ask([records[0]], datacenters, signal)))
        expect(serving).not.toContain(address);
    });

    given('tell the TTL as it is set', async (under) => {
      const { dns, datacenters, records } = under;
      await under.setTtlOfFirst(10);
      for (const { answer } of await dns.ask([records[0]], datacenters, signal))
        expect(answer).toMatchObject({ answered: true, ttl: 10_000 });
    });

    given('that are down do not answer, while the others do', async (under) => {
      const { dns, servers, datacenters, records } = under;
      await under.takeDown(servers[0] ?? '');
      for (const { server, answer } of await dns.ask([records[0]], datacenters, signal))
        expect(answer.answered).toBe(server !== servers[0]);
    });

    given('are not asked while they are excluded, and the reason is there to be told', async (under) => {
      const { servers, datacenters, records } = under;
      expect(under.dns.excluded).toEqual([]);
      const [first = ''] = servers;
      const reader = under.excluding(first, 'a new disk is put in');
      expect(reader.excluded).toEqual([{ server: first, reason: 'a new disk is put in' }]);
      const asked = (await reader.ask(records, datacenters, signal)).map(({ server }) => server);
      expect([...new Set(asked)].sort()).toEqual(servers.filter((name) => name !== first).sort());
    });

    given('do not answer for a record that there is not', async ({ dns, datacenters }) => {
      for (const { answer } of await dns.ask(['no-such-record'], datacenters, signal))
        expect(answer.answered).toBe(false);
    });
  });
}
