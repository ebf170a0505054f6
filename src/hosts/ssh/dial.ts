import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import ssh2, { type Client, type ServerHostKeyAlgorithm } from 'ssh2';
import { type Clock, sleep } from '../../domain/clock.js';
import { formatLength, type Millis, plus } from '../../domain/instant.js';
import type { HostName } from '../hosts.js';
import { fromOutside } from './from-outside.js';
import { inTime } from './in-time.js';
import { type KnownHosts, knownHostName } from './known-hosts.js';
import type { LogInAs } from './read-credentials.js';
import type { Route } from './routes.js';

export interface Dialling {
  readonly host: HostName;
  readonly route: Route;
  readonly knownHosts: KnownHosts;
  readonly logIn: LogInAs;
  readonly clock: Clock;
  readonly timeout: Millis;
  readonly keepalive: Millis;
  readonly keyExchanges?: readonly string[];
  /** The connection to the jump host, where the route has one. */
  readonly through?: Client;
}

/** A connection on which commands can be run, or why there is none. */
export type Dialled = { readonly client: Client } | { readonly because: string };

/** The signatures by which a host can prove that it has a key of a type; SHA-1 proves nothing any more. */
const PROOFS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
};

const KEEPALIVES_WITHOUT_ANSWER = 3;

/**
 * Connects to one host and logs in, once. A host that cannot prove that it has one of the keys known of it gets nothing:
 * it is asked for those keys only, and what it shows is compared before anything secret is said.
 */
export async function dial(dialling: Dialling, signal: AbortSignal): Promise<Dialled> {
  const { host, route, knownHosts } = dialling;
  const name = knownHostName(host, route.port);
  const types = knownHosts.typesOf(name);
  if (types.length === 0 && knownHosts.hasRevoked(name))
    return { because: `every host key known of ${name} is revoked` };
  if (types.length === 0) return { because: `no host key of ${name} is known, so it is not connected to` };
  const proofs = types.flatMap((type) => PROOFS[type] ?? []);
  if (proofs.length === 0)
    return { because: `the known host keys of ${name} are not supported (${types.join(', ')})` };
  const socket = await openSocket(dialling, signal);
  return 'because' in socket ? socket : handshake(dialling, name, proofs, socket.socket, signal);
}

/** Through the jump host, or directly; a direct socket still connects when it is returned. */
async function openSocket(
  { route, through, clock, timeout }: Dialling,
  signal: AbortSignal,
): Promise<{ socket: Readable } | { because: string }> {
  // With Nagle's algorithm each command would wait 40 ms for an acknowledgement that the host delays.
  if (through === undefined)
    return { socket: connect({ host: route.address, port: route.port, noDelay: true }) };
  const jump = route.jump ?? '';
  const opening = new Promise<Readable>((resolve, reject) => {
    through.forwardOut('127.0.0.1', 0, route.address, route.port, (error, socket) =>
      error ? reject(error) : resolve(socket),
    );
  });
  try {
    const opened = await inTime(opening, clock, plus(clock.now(), timeout), signal);
    if (typeof opened === 'object') return { socket: opened.value };
    opening.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
    if (opened === 'called-off') return { because: 'it was called off' };
    return { because: `${jump} did not open a way within ${formatLength(timeout)}` };
  } catch (error) {
    return { because: `${jump} opens no way: ${fromOutside(error)}` };
  }
}

function handshake(
  { host, route, knownHosts, logIn, clock, timeout, keepalive, keyExchanges }: Dialling,
  name: string,
  proofs: readonly ServerHostKeyAlgorithm[],
  sock: Readable,
  signal: AbortSignal,
): Promise<Dialled> {
  const client = new ssh2.Client();
  // Each command on the connection wants to know when it is lost.
  client.setMaxListeners(0);
  let refusal: string | undefined;
  const verify = (key: Buffer): boolean => {
    const verdict = knownHosts.judge(name, key);
    if (verdict === 'revoked') refusal = `the host key of ${host} is revoked (${fingerprint(key)})`;
    if (verdict === 'other')
      refusal = `the host key of ${host} is not the known one (it shows ${fingerprint(key)}): is this another host?`;
    return refusal === undefined;
  };
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (dialled: Dialled): void => {
      over.abort();
      signal.removeEventListener('abort', callOff);
      client.off('error', fail);
      client.off('close', closed);
      // Whatever else goes wrong with it also closes it.
      client.on('error', () => undefined);
      if ('because' in dialled) {
        client.destroy();
        sock.destroy();
      }
      resolve(dialled);
    };
    const fail = (error: Error): void => end({ because: refusal ?? explain(error) });
    const closed = (): void =>
      end({ because: refusal ?? 'the connection was closed before it could be used' });
    const callOff = (): void => end({ because: 'it was called off' });
    client.on('error', fail);
    client.on('close', closed);
    client.once('ready', () => end({ client }));
    signal.addEventListener('abort', callOff, { once: true });
    sleep(clock, timeout, over.signal).then(
      () => end({ because: `no connection within ${formatLength(timeout)}` }),
      () => undefined,
    );
    client.connect({
      sock,
      username: route.user,
      authHandler: logIn(route.user),
      hostVerifier: verify,
      algorithms: {
        serverHostKey: [...proofs],
        ...(keyExchanges && { kex: [...keyExchanges] as [] }),
      },
      // Ours: it is told by the clock.
      readyTimeout: 0,
      keepaliveInterval: keepalive,
      keepaliveCountMax: KEEPALIVES_WITHOUT_ANSWER,
    });
    if (signal.aborted) callOff();
  });
}

/** As `ssh-keygen -l` shows it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to its network',
  ETIMEDOUT: 'connection timed out',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved at the moment',
};

/** In the same words for each host, so that results can be gathered: Node's own name the address. */
function explain(error: Error & { code?: unknown; level?: unknown }): string {
  if (error.level === 'agent') return 'the SSH agent does not answer';
  if (error.level === 'client-authentication') return 'it does not let us log in';
  if (typeof error.code === 'string') return REASONS[error.code] ?? error.code;
  return fromOutside(error);
}
