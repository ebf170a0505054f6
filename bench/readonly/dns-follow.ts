import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '../../src/domain/installation.js';
import type { DatacenterName } from '../../src/domain/names.js';
import type { DnsReader } from '../../src/dns/dns.js';
import { median } from '../median.js';
import type { StoreByHand } from './store-by-hand.js';

const ROUNDS = 3;
const LOOK_EVERY = 10;
const LONGEST = 30_000;

export interface DnsFollowing {
  readonly installation: Installation;
  readonly store: StoreByHand;
  readonly dns: DnsReader;
  /** Where the records are pooled; they are again afterwards. */
  readonly primary: DatacenterName;
  readonly secondary: DatacenterName;
}

/**
 * How long the authoritative servers take to follow the store while nothing else goes on, in milliseconds: from the
 * write that depools every read-write record in one datacenter until every server answers with the other. The median.
 */
export async function dnsFollowTime({
  installation,
  store,
  dns,
  primary,
  secondary,
}: DnsFollowing): Promise<number> {
  const { readWriteRecords } = installation.wiki;
  const pool = (name: DatacenterName, pooled: boolean): Promise<void> =>
    store.setTogether(
      readWriteRecords.map((dnsdisc) => ({
        kind: 'discovery',
        tags: { dnsdisc, name },
        field: 'pooled',
        value: pooled,
      })),
    );
  const move = async (from: DatacenterName, to: DatacenterName): Promise<number> => {
    await pool(to, true);
    // A server settles once more for what changed just before.
    await sleep(LONGEST / 6);
    const began = performance.now();
    await pool(from, false);
    while (!(await allResolveTo(dns, readWriteRecords, to))) {
      if (performance.now() - began > LONGEST) throw new Error('the DNS servers do not follow the store');
      await sleep(LOOK_EVERY);
    }
    return performance.now() - began;
  };
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    times.push(await move(primary, secondary), await move(secondary, primary));
  return median(times);
}

/** Every server, every record, as a client of that datacenter. */
export async function allResolveTo(
  dns: DnsReader,
  records: readonly string[],
  datacenter: DatacenterName,
): Promise<boolean> {
  const answers = await dns.ask(records, [datacenter], new AbortController().signal);
  return answers.every(
    ({ record, answer }) => answer.answered && answer.address === dns.addressOf(record, datacenter),
  );
}
