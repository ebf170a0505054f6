import { z } from 'zod';
import { ImpossibleState } from '../../../src/domain/errors.js';
import { canonical } from '../../../src/domain/json.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import type { HostCommand, HostName, HostOutcome, HostQuery } from '../../../src/hosts/hosts.js';
import { type HostOperation, fillCommand, hostsOf } from '../../../src/hosts/operation.js';
import { assertNever } from '../../../src/domain/assert-never.js';
import type { Evidence } from '../../../src/runbook/finding.js';
import type { TaskId } from '../../../src/runbook/task.js';
import type { Readers } from '../../../src/runbook/world.js';
import { type Setting, placeholders } from '../setting.js';

/** What a host said, and as a host of which datacenter it was asked. */
export interface HostFact {
  readonly host: HostName;
  readonly in: DatacenterName;
  readonly fact: string;
}

/**
 * What a task records of a host: whether there was something to do on it. The first record of a task is its rollback
 * picture, and may be of a moment at which a host did not answer (its fact is null then); that one is there too, so that
 * it is not left out of the way back.
 */
export type HostPicture = {
  readonly host: HostName;
  readonly in: DatacenterName;
  readonly fact: string | null;
  readonly due: boolean;
};

/** An operation with its placeholders filled in, for the hosts of one datacenter (or wherever it is the same). */
export interface HostTarget {
  readonly in: DatacenterName;
  readonly query: HostQuery;
  readonly run: HostCommand;
  readonly probe: HostCommand;
}

/** The operation in each datacenter; one target where nothing in it depends on the datacenter. Pure. */
export function targetsOf(
  setting: Setting,
  operation: HostOperation,
  dcs: readonly DatacenterName[],
): HostTarget[] {
  const values = placeholders(setting);
  const targets = new Map<string, HostTarget>();
  for (const dc of dcs) {
    const run = fillCommand(operation.run, { ...values, dc });
    const probe = fillCommand(operation.probe, { ...values, dc });
    const query = hostsOf(operation, dc);
    const same = canonical([query, run.argv, probe.argv]);
    if (!targets.has(same)) targets.set(same, { in: dc, query, run, probe });
  }
  return [...targets.values()];
}

export interface FactsSeen {
  readonly facts: readonly HostFact[];
  readonly silent: readonly SilentHost[];
}

export interface SilentHost {
  readonly host: HostName;
  readonly in: DatacenterName;
  readonly evidence: Evidence;
}

/** Asks every host of the targets for the fact. */
export async function readFacts(
  see: Readers,
  targets: readonly HostTarget[],
  expected: string,
): Promise<FactsSeen> {
  const answers = await Promise.all(
    targets.map(async ({ in: dc, query, probe }) => {
      const results = await see.hosts.ask(query, probe, see.signal);
      return results.map((result) => ({ ...result, dc }));
    }),
  );
  const facts: HostFact[] = [];
  const silent: SilentHost[] = [];
  for (const { host, outcome, dc } of answers.flat())
    if (outcome.kind === 'exited' && outcome.ok) facts.push({ host, in: dc, fact: outcome.output.trim() });
    else silent.push({ host, in: dc, evidence: { about: host, seen: outcomeText(outcome), expected } });
  return { facts, silent };
}

export function outcomeText(outcome: HostOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `exit code ${outcome.code}: ${outcome.output.trim().slice(0, 200)}`;
    case 'timed-out':
      return 'timed out';
    case 'unreachable':
      return `unreachable: ${outcome.because}`;
    case 'unknown':
      return `not known: ${outcome.because}`;
    case 'not-attempted':
      return `not attempted: ${outcome.because}`;
    default:
      return assertNever(outcome, 'outcome of a host');
  }
}

const recorded = z.array(z.object({ host: z.string(), fact: z.string().nullable(), due: z.boolean() }));

/**
 * The hosts on which an earlier task of this run had, or may have had, something to do: not those that were already as it wanted them,
 * which somebody else had made so and which are left alone. Undefined when the task took no part in the run.
 */
export function changedHosts(see: Readers, task: TaskId): ReadonlySet<HostName> | undefined {
  const recalled = see.recall(task);
  if (recalled === undefined) return undefined;
  const parsed = recorded.safeParse(recalled.before);
  if (!parsed.success) throw new ImpossibleState(`what ${task} recorded cannot be read back`);
  return new Set(parsed.data.filter(({ fact, due }) => due || fact === null).map(({ host }) => host));
}
