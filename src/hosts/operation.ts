import type { DatacenterName } from '../domain/names.js';
import type { HostCommand, HostQuery } from './hosts.js';

/**
 * A named thing that is done to hosts, from configuration: the command that does it, and the command that tells whether
 * it is so. In `on` and in arguments `{dc}`, `{from}`, `{to}` and `{reason}` stand for values; an argument stays one
 * argument whatever the value holds.
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
  | 'restart-job-runners'
  | 'remove-stale-confd-errors'
  | 'run-puppet-on-primaries';

export type Operations = Readonly<Record<OperationName, HostOperation>>;

export type Placeholders = Readonly<Partial<Record<'dc' | 'from' | 'to' | 'reason', string>>>;

/** The command with its placeholders filled in, argument by argument; no shell ever sees it. Pure. */
export function fillCommand(command: HostCommand, values: Placeholders): HostCommand {
  return { ...command, argv: command.argv.map((argument) => fill(argument, values)) };
}

/** The hosts of an operation in one datacenter. Pure. */
export function hostsOf(operation: HostOperation, dc: DatacenterName): HostQuery {
  return fill(operation.on, { dc });
}

function fill(template: string, values: Placeholders): string {
  return template.replace(
    /\{(dc|from|to|reason)\}/g,
    (whole, name: keyof Placeholders) => values[name] ?? whole,
  );
}
