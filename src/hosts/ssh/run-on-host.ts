import type { Client } from 'ssh2';
import type { Clock } from '../../domain/clock.js';
import { type Instant, formatLength, plus } from '../../domain/instant.js';
import type { HostCommand, HostOutcome } from '../hosts.js';
import { endGroup } from './end-group.js';
import type { HostConnection } from './host-connection.js';
import { inTime } from './in-time.js';
import { type RunOutcome, runOnConnection } from './run-on-connection.js';

export interface Job {
  readonly command: HostCommand;
  /** What the login shell of each host is told … */
  readonly line: string;
  /** … and what that says first. */
  readonly mark: string;
}

/** Runs a command on one host: on the open connection, or on one that is made now. The command's time counts from here. */
export async function runOnHost(
  connection: HostConnection,
  job: Job,
  clock: Clock,
  trouble: (text: string) => void,
  signal: AbortSignal,
): Promise<HostOutcome> {
  const until = plus(clock.now(), job.command.timeout);
  const attempt = async (mayUseShell: boolean): Promise<RunOutcome> => {
    if (signal.aborted) return CALLED_OFF;
    const client = connection.open ?? (await connect(connection, clock, until, signal));
    if ('kind' in client) return client;
    const release =
      connection.commands.takeNow() ?? (await waitForTurn(connection, job, clock, until, signal));
    if (typeof release !== 'function') return release;
    const end = (group: number | undefined): Promise<void> =>
      endOnHost({ connection, client, group, job, clock, trouble });
    // What writes is started the ordinary way: it is in no such hurry.
    const shell = mayUseShell ? connection.takeShell(client, job.line) : undefined;
    try {
      return await runOnConnection(client, { ...job, clock, until, end, ...(shell && { shell }) }, signal);
    } finally {
      release();
      connection.prepareShell();
    }
  };
  const first = await attempt(job.command.effect === 'reads');
  if (first !== 'again') return first;
  // The connection, or the shell that waited on it, had been lost unnoticed. Nothing has begun: this is no repetition.
  const second = await attempt(false);
  return second === 'again' ? { kind: 'unreachable', because: 'the connection was lost' } : second;
}

const CALLED_OFF: HostOutcome = { kind: 'not-attempted', because: 'it was called off' };

async function connect(
  connection: HostConnection,
  clock: Clock,
  until: Instant,
  signal: AbortSignal,
): Promise<Client | HostOutcome> {
  const dialled = await inTime(connection.connect(), clock, until, signal);
  if (dialled === 'called-off') return CALLED_OFF;
  if (dialled === 'late') return { kind: 'unreachable', because: 'no connection in the time of the command' };
  return 'client' in dialled.value ? dialled.value.client : { kind: 'unreachable', ...dialled.value };
}

async function waitForTurn(
  connection: HostConnection,
  { command }: Job,
  clock: Clock,
  until: Instant,
  signal: AbortSignal,
): Promise<(() => void) | HostOutcome> {
  const giveUp = new AbortController();
  const taking = connection.commands.take(giveUp.signal);
  const turn = await inTime(taking, clock, until, signal);
  if (typeof turn === 'object') return turn.value;
  giveUp.abort();
  // It may have come at this very moment.
  taking.then(
    (release) => release(),
    () => undefined,
  );
  if (turn === 'called-off') return CALLED_OFF;
  const because = `other commands kept it busy for ${formatLength(command.timeout)}`;
  return { kind: 'not-attempted', because };
}

interface OnHost {
  readonly connection: HostConnection;
  readonly client: Client;
  /** Undefined where the command is not known to have begun. */
  readonly group: number | undefined;
  readonly job: Job;
  readonly clock: Clock;
  readonly trouble: (text: string) => void;
}

async function endOnHost({ connection, client, group, job, clock, trouble }: OnHost): Promise<void> {
  const { name } = job.command;
  const ending = group === undefined ? 'no-answer' : await endGroup(client, group, connection.endings, clock);
  if (ending === 'left')
    trouble(`${connection.host}: ${name} cannot be ended, its process group is ${group}`);
  if (ending !== 'no-answer') return;
  trouble(`${connection.host}: it is not known whether ${name} still runs there, the host does not answer`);
  // A request that waits on this connection could still be carried out later.
  connection.discard(client);
}
