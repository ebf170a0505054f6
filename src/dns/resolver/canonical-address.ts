import { SocketAddress, isIP } from 'node:net';

/**
 * One spelling for each address (`2001:db8:0::1` → `2001:db8::1`), so that what is configured and what a server answers
 * can be compared as text; undefined where it is no address. Pure.
 */
export function canonicalAddress(text: string): string | undefined {
  switch (isIP(text)) {
    case 4:
      return text;
    case 6:
      return new SocketAddress({ address: text, family: 'ipv6' }).address;
    default:
      return undefined;
  }
}
