import type { DatacenterName } from '../../../src/domain/names.js';
import type { HostOperation } from '../../../src/hosts/operation.js';
import { type Finding, holds, notYet } from '../../../src/runbook/finding.js';
import type { Readers } from '../../../src/runbook/world.js';
import type { Setting } from '../setting.js';
import { readFacts, targetsOf } from './host-facts.js';

/** Whether all hosts of an operation say that it is done. */
export async function allSay(
  see: Readers,
  setting: Setting,
  operation: HostOperation,
  datacenters: readonly DatacenterName[],
): Promise<Finding> {
  const { wanted } = operation;
  const { facts, silent } = await readFacts(see, targetsOf(setting, operation, datacenters), wanted);
  const different = facts
    .filter(({ fact }) => fact !== wanted)
    .map(({ host, fact }) => ({ about: host, seen: fact, expected: wanted }));
  return different.length + silent.length > 0
    ? notYet([...different, ...silent.map(({ evidence }) => evidence)])
    : holds();
}
