import type { DatacenterName } from '../../../src/domain/names.js';
import { canonical } from '../../../src/domain/json.js';
import type { HostCommand, HostName } from '../../../src/hosts/hosts.js';
import type { HostOperation } from '../../../src/hosts/operation.js';
import { type Evidence, type Finding, blocked, holds, notYet } from '../../../src/runbook/finding.js';
import { hostObject } from '../../../src/runbook/planned-change.js';
import type { Explanation, Patience, Step, TaskId } from '../../../src/runbook/task.js';
import type { Readers } from '../../../src/runbook/world.js';
import type { Setting } from '../setting.js';
import {
  type FactsSeen,
  type HostPicture,
  type HostTarget,
  outcomeText,
  readFacts,
  targetsOf,
} from './host-facts.js';

export interface OnHosts {
  readonly explain: Explanation;
  readonly patience: Patience;
  readonly setting: Setting;
  readonly operation: HostOperation;
  readonly datacenters: readonly DatacenterName[];
  /** `best-effort`: a host where it cannot be done is a warning. */
  readonly success: 'every-host' | 'best-effort';
  /** The hosts it is limited to; undefined: all of the operation's. */
  readonly limitedTo?: (see: Readers) => ReadonlySet<HostName> | undefined;
  /**
   * The task's own id, where the command is carried out once in every run on all hosts, whatever they say beforehand:
   * for what is due *because* of the run, or changes by itself all the time. So a plan lists it before it is due, and is
   * the same whenever it is made.
   */
  readonly oncePerRun?: TaskId;
  /** What has to be observed besides the hosts' own fact. */
  readonly observe?: (see: Readers) => Promise<Finding>;
}

/** Where the command did not end well, and how. */
export type OnHostsDone = {
  readonly failed: readonly { readonly host: HostName; readonly because: string }[];
};

/** A step that carries out an operation on those hosts that do not say already that it is done, and asks them again. */
export function onHosts(spec: OnHosts): Step<readonly HostPicture[], OnHostsDone> {
  const { explain, patience, setting, operation, datacenters, success, oncePerRun, observe } = spec;
  const { wanted } = operation;
  const targets = targetsOf(setting, operation, datacenters);
  const look = async (see: Readers): Promise<FactsSeen> => {
    const limit = spec.limitedTo?.(see);
    const { facts, silent } = await readFacts(see, targets, wanted);
    if (limit === undefined) return { facts, silent };
    return {
      facts: facts.filter(({ host }) => limit.has(host)),
      silent: silent.filter(({ host }) => limit.has(host)),
    };
  };
  return {
    explain,
    patience,
    again: 'safe',
    async check(see) {
      const { facts, silent } = await look(see);
      const ran =
        oncePerRun === undefined ? undefined : (see.recall(oncePerRun)?.done as OnHostsDone | undefined);
      const everywhere = oncePerRun !== undefined && ran === undefined;
      // Where it did not end well it is due again, even where the host has come to say that it is so by itself.
      const failed = new Set(ran?.failed.map(({ host }) => host));
      const answered = facts.map((one) => ({
        ...one,
        due: everywhere || failed.has(one.host) || one.fact !== wanted,
      }));
      const before = [
        ...answered,
        ...silent.map(({ host, in: dc }) => ({ host, in: dc, fact: null, due: false })),
      ];
      const changes = answered
        .filter(({ due }) => due)
        .map(({ host, fact }) =>
          oncePerRun === undefined
            ? { object: hostObject(host, factOf(operation)), from: fact, to: wanted, hosts: [host] }
            : { object: hostObject(host, operation.name), from: 'to be done', to: 'done', hosts: [host] },
        );
      const unheard = silent.map(({ evidence }) => evidence);
      const mayGoOn = unheard.length === 0 || success === 'best-effort';
      return { finding: mayGoOn ? holds(asWarnings(unheard)) : notYet(unheard), before, changes };
    },
    async apply(act, before) {
      const due = before.filter((picture) => picture.due);
      const results = await Promise.all(
        commandsFor(targets, due).map(({ hosts, run }) => act.hosts.run(hosts.join(' or '), run)),
      );
      const failed = results
        .flat()
        .filter(({ outcome }) => outcome.kind !== 'exited' || !outcome.ok)
        .map(({ host, outcome }) => ({ host, because: outcomeText(outcome) }));
      return { failed };
    },
    async verify(see, { done }) {
      const { facts, silent } = await look(see);
      const different = facts
        .filter(({ fact }) => fact !== wanted)
        .map(({ host, fact }) => ({ about: host, seen: fact, expected: wanted }));
      // Where a command is due for its fact, only the fact counts; a run of its own has to have ended well, too.
      const failed = (done?.failed ?? [])
        .filter(({ host }) => oncePerRun !== undefined || different.some(({ about }) => about === host))
        .map(({ host, because }) => ({ about: host, seen: because, expected: wanted }));
      const others = different.filter(({ about }) => !failed.some((one) => one.about === about));
      const amiss: Evidence[] = [...failed, ...others, ...silent.map(({ evidence }) => evidence)];
      if (success === 'best-effort') return holds(asWarnings(amiss));
      // A command that ended badly is not waited for; one that ended well may take a moment to show.
      if (failed.length > 0) return blocked(amiss);
      if (amiss.length > 0) return notYet(amiss);
      const observed = await observe?.(see);
      if (observed !== undefined && observed.kind !== 'holds') return observed;
      return holds([{ about: `${facts.length} hosts`, seen: wanted }]);
    },
  };
}

/** The fact's name; the configuration may leave it out where one name is enough. */
const factOf = ({ name, probe }: HostOperation): string => probe.fact ?? name;

/** Each command once, on all the hosts that are due for it in whichever datacenter. */
function commandsFor(
  targets: readonly HostTarget[],
  due: readonly HostPicture[],
): { run: HostCommand; hosts: HostName[] }[] {
  const commands = new Map<string, { run: HostCommand; hosts: HostName[] }>();
  for (const { in: dc, run } of targets) {
    const hosts = due.filter((picture) => picture.in === dc).map(({ host }) => host);
    const same = commands.get(canonical(run.argv));
    if (same !== undefined) same.hosts.push(...hosts);
    else commands.set(canonical(run.argv), { run, hosts });
  }
  return [...commands.values()].filter(({ hosts }) => hosts.length > 0);
}

const asWarnings = (evidence: readonly Evidence[]): Evidence[] =>
  evidence.map((one) => ({ ...one, warning: true }));
