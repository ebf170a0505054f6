import type { Installation } from '../../../src/domain/installation.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import type { DnsAnswer } from '../../../src/dns/dns.js';
import { type Evidence, type Finding, holds, notYet } from '../../../src/runbook/finding.js';
import type { Readers } from '../../../src/runbook/world.js';

export type DnsAnswered = DnsAnswer['answer'] & { readonly answered: true };

export interface ExpectedAnswer {
  readonly clientsIn: readonly DatacenterName[];
  /** What an answer for this record shall be, for people. */
  readonly expected: (record: string) => string;
  readonly says: (
    record: string,
    answer: DnsAnswered,
  ) => { readonly seen: string; readonly asExpected: boolean };
}

/**
 * Whether every authoritative server answers as it should for every read-write record, to a client in each datacenter.
 * A server that does not answer, or was not asked, is not a server that follows.
 */
export async function everyDnsServer(
  see: Readers,
  installation: Installation,
  expected: ExpectedAnswer,
): Promise<Finding> {
  const { readWriteRecords } = installation.wiki;
  const answers = await see.dns.ask(readWriteRecords, expected.clientsIn, see.signal);
  const wrong: Evidence[] = [];
  for (const server of installation.dns.servers)
    for (const record of readWriteRecords)
      for (const client of expected.clientsIn) {
        const about = `${record} at ${server} from ${client}`;
        const found = answers.find(
          (one) => one.server === server && one.record === record && one.clientIn === client,
        );
        const answer = found?.answer ?? { answered: false, because: 'it was not asked' };
        if (!answer.answered) {
          wrong.push({ about, seen: `no answer: ${answer.because}`, expected: expected.expected(record) });
          continue;
        }
        const { seen, asExpected } = expected.says(record, answer);
        if (!asExpected) wrong.push({ about, seen, expected: expected.expected(record) });
      }
  if (wrong.length > 0) return notYet(wrong);
  return holds([
    {
      about: 'authoritative DNS',
      seen: `${answers.length} answers from ${installation.dns.servers.length} servers, as expected`,
    },
  ]);
}

/** Each record resolves to its address in this datacenter, wherever the client is. */
export function resolvesTo(see: Readers, dc: DatacenterName): Pick<ExpectedAnswer, 'expected' | 'says'> {
  const address = (record: string): string => see.dns.addressOf(record, dc);
  return {
    expected: (record) => `${address(record)} (${dc})`,
    says: (record, answer) => ({ seen: answer.address, asExpected: answer.address === address(record) }),
  };
}
