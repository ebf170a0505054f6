import { isIP } from 'node:net';

/**
 * Whether an endpoint stays on this machine: a URL, `host:port`, an address or the path of a Unix socket. Only literal
 * loopback addresses and the reserved name `localhost` (RFC 6761) count; no name is looked up, and whatever cannot be
 * read is not loopback. Pure.
 */
export function isLoopback(endpoint: string): boolean {
  if (endpoint.startsWith('/')) return true;
  const host = hostOf(endpoint);
  if (host === undefined) return false;
  switch (isIP(host)) {
    case 4:
      return host.startsWith('127.');
    case 6:
      return host === '::1';
    default:
      return host === 'localhost';
  }
}

/** The URL parser is what clients use too: it reads `127.1` and `0x7f.1` as they do, and knows where a user's name ends. */
function hostOf(endpoint: string): string | undefined {
  const bare = isIP(endpoint) === 6 ? `[${endpoint}]` : endpoint;
  // A scheme of our own would leave the host as it was typed; http's rules make it canonical.
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare) ? bare.replace(/^[^:]+:/, 'http:') : `http://${bare}`;
  if (!URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}
