/**
 * Discovery records as clients see them. Readers ask each authoritative server directly, with the client subnet of a
 * datacenter; they never go through a cache. What it does not do: change what is pooled (that is state).
 */
import type { Millis } from '../domain/instant.js';
import type { DatacenterName } from '../domain/names.js';

/** A discovery record's name, `mw-web-rw`. */
export type RecordName = string;

export interface DnsAnswer {
  readonly server: string;
  readonly record: RecordName;
  readonly clientIn: DatacenterName;
  readonly answer:
    | { readonly answered: true; readonly address: string; readonly ttl: Millis }
    | { readonly answered: false; readonly because: string };
}

/** An authoritative server that is not asked, because a person said so: it is under maintenance, say. */
export interface ExcludedServer {
  readonly server: string;
  /** For people; whoever relies on the answers tells it. */
  readonly reason: string;
}

export interface DnsReader {
  /** Servers that `ask` leaves out. What is proven by answers is not proven for them: say so. */
  readonly excluded: readonly ExcludedServer[];
  /** Every authoritative server that is not excluded × record × client datacenter, all in parallel. */
  ask(
    records: readonly RecordName[],
    clientsIn: readonly DatacenterName[],
    signal: AbortSignal,
  ): Promise<DnsAnswer[]>;
  /** The address that a record has in a datacenter, from configuration. */
  addressOf(record: RecordName, datacenter: DatacenterName): string;
}
