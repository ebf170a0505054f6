import type { HostOperation, OperationName, Operations } from '../hosts/operation.js';
import type { ConfigFile } from './schema/config-file.js';
import type { OperationSection } from './schema/hosts-section.js';

/**
 * The operations as the runbook takes them. A command is named after its operation, because that name is what the
 * permit judges; so it is not a key that somebody could set. Pure.
 */
export function operationsOf(written: NonNullable<ConfigFile['hosts']>['operations']): Operations {
  const entries = Object.entries(written) as [OperationName, OperationSection][];
  return Object.fromEntries(
    entries.map(([name, section]) => [name, operationOf(name, section)]),
  ) as Operations;
}

function operationOf(name: OperationName, { on, run, probe, wanted }: OperationSection): HostOperation {
  const { batch, ...command } = run;
  return {
    name,
    on,
    run: { name, effect: 'writes', ...command, ...(batch === undefined ? {} : { batch }) },
    // Every host is asked, whatever the others answer.
    probe: { name: `${name}-probe`, effect: 'reads', successThreshold: 0, ...probe },
    wanted,
  };
}
