import { createHmac, timingSafeEqual } from 'node:crypto';
import { matchesPattern } from './matches-pattern.js';

/** What a known_hosts file says of the keys of hosts. */
export interface KnownHosts {
  /** The types of the keys that are known of a host, `ssh-ed25519`; none for a host that is not known. */
  typesOf(name: string): readonly string[];
  judge(name: string, key: Buffer): 'known' | 'other' | 'revoked';
  /** Whether a key of it is known and not to be trusted. */
  hasRevoked(name: string): boolean;
  /** Lines that say nothing, for people: their number and what is wrong. */
  readonly problems: readonly string[];
}

interface Line {
  readonly isRevoked: boolean;
  readonly matches: (name: string) => boolean;
  readonly type: string;
  readonly key: Buffer;
}

/** The name that known_hosts has for a host: the port is told unless it is SSH's own. Pure. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/**
 * Reads a known_hosts file as sshd(8) describes it: plain, hashed (`|1|salt|hash`) and `[host]:port` names, comma lists
 * with `*`, `?` and `!negation`, several keys for a host, `@revoked`. A `@cert-authority` vouches for nobody: host
 * certificates are not supported. A line that cannot be read is a problem and makes nobody known. Pure.
 */
export function parseKnownHosts(text: string): KnownHosts {
  const problems: string[] = [];
  const lines: Line[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    const trimmed = row.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const line = parseLine(trimmed);
    if (typeof line === 'string') problems.push(`line ${index + 1} of known_hosts: ${line}`);
    else lines.push(line);
  }
  // Hashed names can only be found by trying each line, which a large file makes slow: once for each host.
  const found = new Map<string, readonly Line[]>();
  const linesOf = (name: string): readonly Line[] => {
    const known = found.get(name) ?? lines.filter((line) => line.matches(name));
    found.set(name, known);
    return known;
  };
  const judge = (name: string, key: Buffer): 'known' | 'other' | 'revoked' => {
    const same = linesOf(name).filter((line) => line.key.equals(key));
    if (same.some(({ isRevoked }) => isRevoked)) return 'revoked';
    return same.length > 0 ? 'known' : 'other';
  };
  return {
    problems,
    judge,
    hasRevoked: (name) => linesOf(name).some(({ isRevoked }) => isRevoked),
    typesOf: (name) => [
      ...new Set(
        linesOf(name)
          .filter(({ key }) => judge(name, key) === 'known')
          .map(({ type }) => type),
      ),
    ],
  };
}

/** A line, or what is wrong with it. */
function parseLine(row: string): Line | string {
  const fields = row.split(/\s+/);
  const marker = row.startsWith('@') ? fields.shift() : undefined;
  if (marker !== undefined && marker !== '@revoked') return `${marker} is not supported`;
  const [names = '', type = '', base64 = ''] = fields;
  const key = Buffer.from(base64, 'base64');
  if (typeOf(key) !== type || type === '') return 'no key that can be read';
  const matches = nameMatcher(names);
  if (matches === undefined) return 'no host name that can be read';
  return { isRevoked: marker === '@revoked', matches, type, key };
}

/** A key says its own type at its start, after that type's length. */
function typeOf(key: Buffer): string | undefined {
  if (key.length < 4) return undefined;
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

function nameMatcher(names: string): Line['matches'] | undefined {
  if (names.startsWith('|')) return hashMatcher(names);
  const patterns = names.split(',').filter((pattern) => pattern !== '');
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const refused = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return (name) =>
    wanted.some((pattern) => matchesPattern(name, pattern)) &&
    !refused.some((pattern) => matchesPattern(name, pattern));
}

function hashMatcher(names: string): Line['matches'] | undefined {
  const [, version, salt = '', hash = ''] = names.split('|');
  const wanted = Buffer.from(hash, 'base64');
  if (version !== '1' || wanted.length !== 20) return undefined;
  const saltBytes = Buffer.from(salt, 'base64');
  return (name) => timingSafeEqual(createHmac('sha1', saltBytes).update(name).digest(), wanted);
}
