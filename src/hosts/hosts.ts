/**
 * Commands on sets of hosts. A failing host is a result, not an exception; arguments are arrays and are never
 * put into a shell; what a command's end is not known of is `unknown`, never "failed".
 * What it does not do: know what a command means (the runbook's configuration does), retry.
 */
import type { Millis } from '../domain/instant.js';
import type { Authority } from '../domain/reason.js';

/** A host expression: `db[1001-1004].eqiad.wmnet`, `A:mw-maintenance and *.codfw.wmnet`. */
export type HostQuery = string;
export type HostName = string;

export interface HostCommand {
  /** Its name in the configuration, `puppet-disable`. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Readers take only commands that read. */
  readonly effect: 'reads' | 'writes';
  /** For a command that reads: the fact it reports. Its trimmed output is the fact's value, `locked`, `enabled`. */
  readonly fact?: string;
  /** Exit codes that mean success; pkill answers 1 when there was nothing to kill. */
  readonly okCodes: readonly number[];
  readonly timeout: Millis;
  readonly batch?: { readonly size: number; readonly pause: Millis };
  /** The share of hosts, 0 to 1, that must succeed for the remaining batches to be attempted. */
  readonly successThreshold: number;
}

export type HostOutcome =
  | { readonly kind: 'exited'; readonly code: number; readonly ok: boolean; readonly output: string }
  | { readonly kind: 'unreachable'; readonly because: string }
  | { readonly kind: 'timed-out'; readonly after: Millis }
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'not-attempted'; readonly because: string };

export interface HostResult {
  readonly host: HostName;
  readonly outcome: HostOutcome;
}

export interface HostReader {
  /** The hosts that an expression names, folded and sorted; throws BadHostQuery. Asks no host. */
  find(query: HostQuery): readonly HostName[];
  /** Runs a command whose `effect` is `reads`. */
  ask(query: HostQuery, command: HostCommand, signal: AbortSignal): Promise<HostResult[]>;
}

export interface HostWriter {
  run(query: HostQuery, command: HostCommand, by: Authority, signal: AbortSignal): Promise<HostResult[]>;
}

export type Hosts = HostReader & HostWriter;
