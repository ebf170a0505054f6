import type { Clock } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import type { DatacenterName } from '../../domain/names.js';
import { closest } from '../../domain/suggest.js';
import type { DnsAnswer, DnsReader, ExcludedServer, RecordName } from '../dns.js';
import { DnsMisconfigured, UnknownRecord } from '../errors.js';
import { type Answered, askServer } from './ask-server.js';
import type { AuthoritativeServer } from './asking.js';
import { canonicalAddress } from './canonical-address.js';
import { type ClientSubnet, parseClientSubnet } from './client-subnet.js';
import type { Question } from './question.js';

export interface ResolverDnsOptions {
  readonly clock: Clock;
  readonly servers: readonly AuthoritativeServer[];
  /** What follows a record's name, `discovery.wmnet`. */
  readonly zone: string;
  /** Where the clients of each datacenter are, `10.192.0.0/16`: one network that the servers treat alike. */
  readonly clients: Readonly<Record<string, string>>;
  /** Each record's address in each datacenter, IPv4 or IPv6. */
  readonly addresses: Readonly<Record<RecordName, Readonly<Record<string, string>>>>;
  readonly excluded: readonly ExcludedServer[];
  /** After how long a question without an answer is sent again; well under `giveUpAfter`. */
  readonly resendAfter: Millis;
  /** How long a server has to answer. One that is down costs a whole `ask` this much, whatever else is asked. */
  readonly giveUpAfter: Millis;
}

/**
 * Asks the authoritative servers themselves. Reads only, and holds nothing between two calls. A server that cannot be
 * asked is an answer that says why; `ask` rejects only when its signal is aborted. Throws DnsMisconfigured where the
 * options contradict themselves.
 */
export function resolverDns(options: ResolverDnsOptions): DnsReader {
  const { clock, zone, excluded, resendAfter, giveUpAfter } = options;
  const asked = serversToAsk(options);
  const subnets = new Map(Object.entries(options.clients).map(([dc, text]) => [dc, parseClientSubnet(text)]));
  const addresses = canonicalAddresses(options);

  const questionOn = (record: RecordName, client: ClientSubnet): Question => {
    const isV6 = [...(addresses.get(record)?.values() ?? [])].some((address) => address.includes(':'));
    return { name: `${record}.${zone}`, type: isV6 ? 'AAAA' : 'A', client };
  };

  return {
    excluded,
    addressOf(record, datacenter) {
      const address = addresses.get(record)?.get(datacenter);
      if (address === undefined)
        throw new UnknownRecord(`no address of ${record} in ${datacenter} is configured`);
      return address;
    },
    async ask(records, clientsIn, signal) {
      const wanted = records.flatMap((record) => clientsIn.map((clientIn) => ({ record, clientIn })));
      const known = wanted.flatMap(({ record, clientIn }) => {
        const client = subnets.get(clientIn);
        return client === undefined ? [] : [questionOn(record, client)];
      });
      const answersOf = async (server: AuthoritativeServer): Promise<DnsAnswer[]> => {
        const said = await askServer(server, known, { clock, resendAfter, giveUpAfter, signal });
        const next = said.values();
        return wanted.map(({ record, clientIn }) => ({
          server: server.name,
          record,
          clientIn,
          answer: subnets.has(clientIn) ? answerFrom(server, next.next().value) : noSubnet(clientIn),
        }));
      };
      return (await Promise.all(asked.map(answersOf))).flat();
    },
  };
}

function answerFrom({ name }: AuthoritativeServer, said: Answered | undefined): DnsAnswer['answer'] {
  if (said?.kind === 'address') return { answered: true, address: said.address, ttl: said.ttl };
  return { answered: false, because: `${name} ${said?.because ?? 'was not asked'}` };
}

const noSubnet = (datacenter: DatacenterName): DnsAnswer['answer'] => ({
  answered: false,
  because: `no client subnet of ${datacenter} is configured`,
});

function serversToAsk({ servers, excluded }: ResolverDnsOptions): AuthoritativeServer[] {
  for (const { name, address } of servers)
    if (canonicalAddress(address) === undefined)
      throw new DnsMisconfigured(`${address} of the name server ${name} is no IP address`);
  const names = servers.map(({ name }) => name);
  for (const { server } of excluded) {
    if (names.includes(server)) continue;
    const meant = closest(server, names);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new DnsMisconfigured(`${server} is excluded and is no name server of this installation${hint}`);
  }
  return servers.filter(({ name }) => !excluded.some(({ server }) => server === name));
}

function canonicalAddresses({ addresses }: ResolverDnsOptions): Map<RecordName, Map<string, string>> {
  return new Map(
    Object.entries(addresses).map(([record, places]) => [
      record,
      new Map(Object.entries(places).map(([dc, text]) => [dc, addressIn(record, dc, text)])),
    ]),
  );
}

function addressIn(record: RecordName, datacenter: string, text: string): string {
  const address = canonicalAddress(text);
  if (address === undefined)
    throw new DnsMisconfigured(`${text}, configured for ${record} in ${datacenter}, is no IP address`);
  return address;
}
