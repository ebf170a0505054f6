import { SECOND } from '../../domain/instant.js';
import type { DatacenterName } from '../../domain/names.js';
import { pooledNearest } from '../../simulation/dns-servers.js';
import { faultsInForce } from '../../simulation/faults-in-force.js';
import type { SimulatedWorld } from '../../simulation/simulated-world.js';
import { type Side, sideOf } from '../../simulation/world-shape.js';
import type { DnsAnswer, DnsReader, ExcludedServer, RecordName } from '../dns.js';

/** What a record has for an address when it is pooled nowhere: it refuses connections at once. */
const FAILOID = '10.0.0.1';

/** A record's address in a datacenter. */
export type AddressOf = (record: RecordName, datacenter: DatacenterName) => string;

/**
 * The simulated authoritative servers; each answers as it has followed the state store so far. They stand in both
 * datacenters in turn. A record that a server does not know is answered by nothing.
 */
export function simulatedDns(
  world: SimulatedWorld,
  addressOf: AddressOf = addressesFor(world),
  excluded: readonly ExcludedServer[] = [],
): DnsReader {
  const { shape } = world;
  const isExcluded = (name: string): boolean => excluded.some(({ server }) => server === name);

  const answerNow = (index: number, record: RecordName, clientIn: DatacenterName): DnsAnswer['answer'] => {
    const state = world.now();
    const server = shape.dnsServers[index]?.name ?? '';
    const client = sideOf(shape, clientIn);
    if (faultsInForce.dnsDown(state.faults, server))
      return { answered: false, because: 'no answer within 2 s' };
    const view = state.dnsServers[index]?.records[record];
    if (view === undefined || client === undefined) return { answered: false, because: 'NXDOMAIN' };
    const pooled = pooledNearest(view, client);
    const ttl = view[pooled ?? client].ttl * SECOND;
    const address = pooled === null ? FAILOID : addressOf(record, shape.datacenters[pooled]);
    return { answered: true, address, ttl };
  };
  /** Asks all servers that stand in one datacenter, at one moment. */
  const askIn = async (
    place: Side,
    records: readonly RecordName[],
    clientsIn: readonly DatacenterName[],
    signal: AbortSignal,
  ): Promise<Map<number, DnsAnswer[]>> => {
    await world.travelTo(place, signal);
    const answers = shape.dnsServers.flatMap(({ name }, index): [number, DnsAnswer[]][] => {
      if (index % 2 !== place || isExcluded(name)) return [];
      const asked = records.flatMap((record) => clientsIn.map((clientIn) => ({ record, clientIn })));
      return [
        [
          index,
          asked.map((one) => ({ server: name, ...one, answer: answerNow(index, one.record, one.clientIn) })),
        ],
      ];
    });
    await world.travelFrom(place, signal);
    return new Map(answers);
  };
  return {
    excluded,
    addressOf,
    async ask(records, clientsIn, signal) {
      const places = await Promise.all(
        ([0, 1] as const).map((place) => askIn(place, records, clientsIn, signal)),
      );
      return shape.dnsServers.flatMap((_, index) => places[index % 2]?.get(index) ?? []);
    },
  };
}

/** Addresses made up from the names' order: 10.2.1.x in the first datacenter, 10.2.2.x in the second. */
function addressesFor({ shape }: SimulatedWorld): AddressOf {
  return (record, datacenter) => {
    const side = sideOf(shape, datacenter) ?? 0;
    const known = shape.readWriteRecords.indexOf(record);
    return `10.2.${side + 1}.${known >= 0 ? known + 1 : otherAddress(record)}`;
  };
}

/** A number from 100 to 250 that is always the same for the same name. */
function otherAddress(record: RecordName): number {
  let sum = 7;
  for (let index = 0; index < record.length; index += 1) sum = (sum * 31 + record.charCodeAt(index)) % 151;
  return 100 + sum;
}
