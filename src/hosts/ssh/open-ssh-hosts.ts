import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { SECOND } from '../../domain/instant.js';
import { CommandWrites } from '../errors.js';
import { expandHostQuery } from '../host-query.js';
import type { HostCommand, HostName, HostQuery, HostResult, Hosts } from '../hosts.js';
import { runInBatches } from '../run-in-batches.js';
import { type Dialled, dial } from './dial.js';
import { HostConnection } from './host-connection.js';
import { parseKnownHosts } from './known-hosts.js';
import { readCredentials } from './read-credentials.js';
import { remoteLine } from './remote-line.js';
import { routeOf } from './routes.js';
import { runOnHost } from './run-on-host.js';
import type { SshHostsOptions } from './ssh-options.js';
import { Turns } from './turns.js';

export interface ColdHost {
  readonly host: HostName;
  readonly because: string;
}

export interface SshHosts extends Hosts, AsyncDisposable {
  /**
   * Opens the connections to hosts before they are needed, with a shell on each that waits for the next command that reads,
   * and keeps them from then on. Answers once each is open or has
   * been tried: with those that are not, which are tried again in the background.
   */
  warm(query: HostQuery): Promise<readonly ColdHost[]>;
}

/**
 * Hosts over SSH, on resident connections: one for each host, verified by its known key, kept until the end. A command's
 * output is its standard output, followed where it failed by its standard error. Throws BadSshOptions.
 */
export function openSshHosts(options: SshHostsOptions): SshHosts {
  const { inventory, routes = {}, clock, trouble } = options;
  const logIn = readCredentials(options.credentials);
  const knownHosts = parseKnownHosts(options.knownHosts);
  for (const problem of knownHosts.problems) trouble(problem);
  for (const host of inventory.hosts) routeOf(host, routes);
  const connects = new Turns(options.connectsAtOnce ?? 64);
  const connections = new Map<HostName, HostConnection>();

  const dialHost = async (host: HostName, signal: AbortSignal): Promise<Dialled> => {
    const route = routeOf(host, routes);
    const through = route.jump === undefined ? undefined : await connectionTo(route.jump).connect();
    if (through !== undefined && !('client' in through))
      return { because: `by way of ${route.jump ?? ''}: ${through.because}` };
    const release = await connects.take(signal).catch(() => undefined);
    if (release === undefined) return { because: 'it was called off' };
    const { connectTimeout: timeout = 10 * SECOND, keepalive = 5 * SECOND, keyExchanges } = options;
    const dialling = { host, route, knownHosts, logIn, clock, timeout, keepalive };
    try {
      return await dial(
        { ...dialling, ...(keyExchanges && { keyExchanges }), ...(through && { through: through.client }) },
        signal,
      );
    } finally {
      release();
    }
  };
  const connectionTo = (host: HostName): HostConnection => {
    const known = connections.get(host);
    if (known) return known;
    const { retry = { first: 500, longest: 30 * SECOND }, commandsAtOnce = 4 } = options;
    const made = new HostConnection({
      host,
      clock,
      trouble,
      retry,
      commandsAtOnce,
      dial: (signal) => dialHost(host, signal),
    });
    connections.set(host, made);
    return made;
  };
  const find = (query: HostQuery): readonly HostName[] => expandHostQuery(query, inventory);

  const runAll = (query: HostQuery, command: HostCommand, signal: AbortSignal): Promise<HostResult[]> => {
    const mark = `switchdc-${randomBytes(8).toString('hex')}`;
    const job = { command, line: remoteLine(command, mark), mark };
    const one = async (host: HostName): Promise<HostResult> => ({
      host,
      outcome: await runOnHost(connectionTo(host), job, clock, trouble, signal),
    });
    // One signal is listened to by as many as there are hosts; that is no leak.
    setMaxListeners(0, signal);
    return runInBatches(find(query), command, one, clock, signal);
  };
  return {
    find,
    async ask(query, command, signal) {
      if (command.effect === 'writes')
        throw new CommandWrites(`${command.name} writes and cannot be used to read`);
      return runAll(query, command, signal);
    },
    run: async (query, command, _by, signal) => runAll(query, command, signal),
    async warm(query) {
      const tried = await Promise.all(
        find(query).map(async (host) => ({ host, dialled: await connectionTo(host).warm() })),
      );
      return tried.flatMap(({ host, dialled }) =>
        'client' in dialled ? [] : [{ host, because: dialled.because }],
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...connections.values()].map((connection) => connection[Symbol.asyncDispose]()));
    },
  };
}
