import { isIPv4 } from 'node:net';
import { DnsMisconfigured } from '../errors.js';
import { canonicalAddress } from './canonical-address.js';

/** The network that clients of a datacenter are in, as it is told to a server (EDNS client subnet, RFC 7871). */
export interface ClientSubnet {
  /** 1: IPv4, 2: IPv6; the numbers of RFC 7871. */
  readonly family: 1 | 2;
  readonly address: string;
  readonly prefixLength: number;
}

/**
 * Reads `10.192.0.0/16` or `2620:0:860::/46`, or throws DnsMisconfigured. Bits after the prefix have to be zero: servers
 * refuse a query with others in it (RFC 7871, 7.1.2). Pure.
 */
export function parseClientSubnet(text: string): ClientSubnet {
  const [, base = '', length = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = canonicalAddress(base);
  const prefixLength = Number(length);
  if (address === undefined) throw new DnsMisconfigured(`${text} is no client subnet, such as 10.192.0.0/16`);
  const bits = isIPv4(address) ? bitsOfV4(address) : bitsOfV6(address);
  if (prefixLength < 1 || prefixLength > bits.length || bits.slice(prefixLength).includes('1'))
    throw new DnsMisconfigured(`${text} is no network: its length and its address do not fit together`);
  return { family: isIPv4(address) ? 1 : 2, address, prefixLength };
}

const bitsOfV4 = (address: string): string =>
  address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');

function bitsOfV6(address: string): string {
  const [before = '', after = ''] = address.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(before), groups(after)];
  const between = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...between, ...last]
    .map((group) => parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}
