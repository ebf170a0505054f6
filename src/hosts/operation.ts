import type { DatacenterName } from '../domain/names.js';
import type { HostCommand, HostQuery } from './hosts.js';

/**
 * A named thing that is done to hosts, from configuration: the command that does it, and the command that tells whether
 * it is so. In `on`, `{dc}` stands for a datacenter. In arguments `{dc}`, `{from}`, `{to}` and `{reason}` stand for
 * values; an argument stays one argument whatever the value holds. One that holds `{records}` is repeated, once for each
 * read-write discovery record.
 */
export interface HostOperation {
  readonly name: string;
  readonly on: HostQuery;
  readonly run: HostCommand;
  /** Reads the fact that `run` changes. */
  readonly probe: HostCommand;
  /** The fact's value once it is done, `locked`. */
  readonly wanted: string;
}

/** The operations that the MediaWiki runbook needs. */
export type OperationName =
  | 'lock-deployments'
  | 'unlock-deployments'
  | 'disable-puppet'
  | 'enable-puppet'
  | 'run-puppet'
  | 'stop-periodic-jobs'
  | 'kill-maintenance-scripts'
  | 'start-periodic-jobs'
  | 'warm-up-caches'
  | 'wipe-discovery-caches'
  | 'restart-job-runners'
  | 'remove-stale-confd-errors'
  | 'run-puppet-on-primaries';

export type Operations = Readonly<Record<OperationName, HostOperation>>;

type Values = Readonly<Partial<Record<'dc' | 'from' | 'to' | 'reason', string>>>;

export type Placeholders = Values & { readonly records?: readonly string[] };

/** The command with its placeholders filled in, argument by argument; no shell ever sees it. Pure. */
export function fillCommand(command: HostCommand, { records, ...values }: Placeholders): HostCommand {
  const fillArgument = (argument: string): readonly string[] =>
    records !== undefined && argument.includes('{records}')
      ? records.map((record) => fill(argument, { ...values, records: record }))
      : [fill(argument, values)];
  return { ...command, argv: command.argv.flatMap(fillArgument) };
}

/** The hosts of an operation in one datacenter. Pure. */
export function hostsOf(operation: HostOperation, dc: DatacenterName): HostQuery {
  return fill(operation.on, { dc });
}

/** In one pass: what a value holds is never taken for a placeholder. */
function fill(template: string, values: Values & { readonly records?: string }): string {
  return template.replace(
    /\{(dc|from|to|reason|records)\}/g,
    (whole, name: keyof Values | 'records') => values[name] ?? whole,
  );
}
