import type { MariadbPrimary } from './options.js';

/** Where replicas are told to find a primary. */
export interface SourceAddress {
  readonly host: string;
  readonly port: number;
}

/** What CHANGE MASTER TO is given for a primary: the first name by which replicas know it, or how we reach it. Pure. */
export function sourceAddress({ host, port, knownAs = [] }: MariadbPrimary): SourceAddress {
  const [first] = knownAs;
  return first === undefined ? { host, port } : parse(first);
}

/** Every `host:port` by which SHOW SLAVE STATUS may name a primary, IPv6 without brackets. Pure. */
export function addressesOf({ host, port, knownAs = [] }: MariadbPrimary): readonly string[] {
  return [{ host, port }, ...knownAs.map(parse)].map((address) => `${address.host}:${address.port}`);
}

function parse(text: string): SourceAddress {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
}
