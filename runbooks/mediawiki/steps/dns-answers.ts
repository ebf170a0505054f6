import type { Installation } from '../../../src/domain/installation.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import { plural } from '../../../src/domain/text.js';
import type { DnsAnswer } from '../../../src/dns/dns.js';
import { type Evidence, type Finding, blocked, holds, notYet } from '../../../src/runbook/finding.js';
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
 * A server that does not answer, or was not asked, is not a server that follows. One that is excluded is told as a
 * warning, with the reason; where all are, nothing was looked at and nothing is proven.
 */
export async function everyDnsServer(
  see: Readers,
  installation: Installation,
  expected: ExpectedAnswer,
): Promise<Finding> {
  const { readWriteRecords } = installation.wiki;
  const excluded = see.dns.excluded.filter(({ server }) => installation.dns.servers.includes(server));
  const notAsked = excluded.map(({ server, reason }): Evidence => ({
    about: `DNS server ${server}`,
    seen: `not asked: ${reason}`,
    warning: true,
  }));
  const servers = installation.dns.servers.filter((name) => !excluded.some(({ server }) => server === name));
  if (servers.length === 0)
    return blocked([
      {
        about: 'authoritative DNS',
        seen: 'every server is excluded',
        expected: 'at least one that is asked',
      },
      ...notAsked,
    ]);
  const answers = await see.dns.ask(readWriteRecords, expected.clientsIn, see.signal);
  const wrong: Evidence[] = [];
  for (const server of servers)
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
  if (wrong.length > 0) return notYet([...wrong, ...notAsked]);
  return holds([
    {
      about: 'authoritative DNS',
      seen: `${plural(answers.length, 'answer')} from ${plural(servers.length, 'server')}, as expected`,
    },
    ...notAsked,
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
