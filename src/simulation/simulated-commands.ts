import { type Millis, SECOND } from '../domain/instant.js';
import { datacenter } from '../domain/names.js';
import type { HostName } from '../hosts/hosts.js';
import { DISCOVERY_ZONE } from './discovery-zone.js';
import { jobRunnersBehind } from './job-runners.js';
import { maintenanceApplied, maintenanceScripts } from './puppet.js';
import { recursorIsCurrent } from './recursors.js';
import { isWarm, warmUpLength } from './warmth.js';
import type { HostEffect } from './world-input.js';
import { type Side, type WorldShape, sideOf } from './world-shape.js';
import type { WorldState } from './world-state.js';

export interface CommandAnswer {
  readonly code: number;
  readonly output: string;
}

type World = Readonly<WorldState>;
const answer = (output: string, code = 0): CommandAnswer => ({ code, output });
const PUPPET_RUN: Millis = 35 * SECOND;

/** A command that the simulated hosts understand. It either reads, or leaves exactly one effect behind. */
export interface SimulatedCommand {
  /** What the whole command line must be; `null` is any one argument, and is handed to the functions in order. */
  readonly argv: readonly (string | null)[];
  /** At least one argument more follows, and is handed over too. */
  readonly andMore?: true;
  /** Undefined for a command that reads; `refused` for one that cannot be done on this host now. */
  effect?(
    shape: WorldShape,
    state: World,
    host: HostName,
    args: readonly string[],
  ): HostEffect | CommandAnswer;
  /** On the host itself, without the way there. */
  lasts(shape: WorldShape, state: World, args: readonly string[]): Millis;
  /** After the effect. */
  answer(shape: WorldShape, state: World, host: HostName, args: readonly string[]): CommandAnswer;
}

const notHere = answer('command not found', 127);
const quick = (): Millis => 40;
const done = (text: string) => () => answer(text);

/** The fact of a host, or that it has none of the kind. */
const fact =
  <T>(find: (state: World, host: HostName) => T | undefined, tell: (value: T) => string) =>
  (_: WorldShape, state: World, host: HostName): CommandAnswer => {
    const value = find(state, host);
    return value === undefined ? notHere : answer(tell(value));
  };

const puppetOf = (state: World, host: HostName) =>
  state.hosts.maintenance[host] ?? state.hosts.databases[host];
const maintenanceOf = (state: World, host: HostName) => state.hosts.maintenance[host];

/** Every command line that a simulated host understands; a host without the thing answers `command not found`. */
export const simulatedCommands: readonly SimulatedCommand[] = [
  {
    argv: ['scap', 'lock', '--all', null],
    effect: (_, state, host, [reason = '']) =>
      host in state.hosts.deployLocks ? { do: 'lock-deployments', reason } : notHere,
    lasts: quick,
    answer: done('all deployments are locked'),
  },
  {
    argv: ['scap', 'lock', '--unlock-all', null],
    effect: (_, state, host) => (host in state.hosts.deployLocks ? { do: 'unlock-deployments' } : notHere),
    lasts: quick,
    answer: done('all deployments are unlocked'),
  },
  {
    argv: ['deploy-lock-status'],
    lasts: quick,
    answer: (_, { hosts: { deployLocks } }, host) =>
      host in deployLocks ? answer(deployLocks[host] === null ? 'unlocked' : 'locked') : notHere,
  },
  {
    argv: ['disable-puppet', null],
    effect: (_, state, host, [reason = '']) =>
      puppetOf(state, host) ? { do: 'disable-puppet', reason } : notHere,
    lasts: quick,
    answer: done('puppet is disabled'),
  },
  {
    argv: ['enable-puppet', null],
    effect: (_, state, host) => (puppetOf(state, host) ? { do: 'enable-puppet' } : notHere),
    lasts: quick,
    answer: done('puppet is enabled'),
  },
  {
    argv: ['puppet-status'],
    lasts: quick,
    answer: fact(puppetOf, ({ disabled }) => (disabled === null ? 'enabled' : 'disabled')),
  },
  {
    argv: ['run-puppet-agent'],
    effect: (_, state, host) => {
      const puppet = puppetOf(state, host);
      if (puppet === undefined) return notHere;
      return puppet.disabled === null
        ? { do: 'run-puppet' }
        : answer(`puppet is disabled: ${puppet.disabled}`, 1);
    },
    lasts: () => PUPPET_RUN,
    answer: done('applied the catalog'),
  },
  {
    argv: ['puppet-catalog-status'],
    lasts: quick,
    answer: (shape, state, host) => {
      const place = shape.maintenanceHosts.find((candidate) => candidate.host === host);
      const found = state.hosts.maintenance[host];
      if (place === undefined || found === undefined) return notHere;
      return answer(maintenanceApplied(state, place, found) ? 'applied' : 'outdated');
    },
  },
  {
    argv: ['systemctl', 'stop', 'mediawiki-periodic-jobs.target'],
    effect: (_, state, host) => (maintenanceOf(state, host) ? { do: 'stop-periodic-jobs' } : notHere),
    lasts: () => 2 * SECOND,
    answer: done(''),
  },
  {
    argv: ['systemctl', 'start', 'mediawiki-periodic-jobs.target'],
    effect: (_, state, host) => (maintenanceOf(state, host) ? { do: 'start-periodic-jobs' } : notHere),
    lasts: () => 2 * SECOND,
    answer: done(''),
  },
  {
    argv: ['periodic-jobs-status'],
    lasts: quick,
    answer: fact(maintenanceOf, ({ periodicJobs }) => (periodicJobs ? 'running' : 'stopped')),
  },
  {
    argv: ['pkill', '--full', 'mwscript'],
    effect: (_, state, host) => {
      const found = maintenanceOf(state, host);
      if (found === undefined) return notHere;
      return maintenanceScripts(found) === 0 ? answer('', 1) : { do: 'kill-maintenance-scripts' };
    },
    lasts: () => SECOND,
    answer: done(''),
  },
  {
    argv: ['pgrep', '--full', '--count', 'mwscript'],
    lasts: quick,
    answer: (_, state, host) => {
      const found = maintenanceOf(state, host);
      if (found === undefined) return notHere;
      const count = maintenanceScripts(found);
      return answer(String(count), count === 0 ? 1 : 0);
    },
  },
  {
    argv: ['mediawiki-cache-warmup', null],
    effect: (shape, _, __, [name = '']) => {
      const side = sideNamed(shape, name);
      return side === undefined
        ? answer(`there is no datacenter ${name}`, 2)
        : { do: 'warm-up-caches', side };
    },
    lasts: (shape, state, [name = '']) => warmUpLength(state, sideNamed(shape, name) ?? 0),
    answer: done('warm-up round complete'),
  },
  {
    argv: ['mediawiki-cache-status', null],
    lasts: quick,
    answer: (shape, state, _, [name = '']) => {
      const side = sideNamed(shape, name);
      if (side === undefined) return answer(`there is no datacenter ${name}`, 2);
      return answer(isWarm(state, side) ? 'warm' : 'cold');
    },
  },
  {
    argv: ['rec_control', 'wipe-cache'],
    andMore: true,
    effect: (shape, _, host, names) =>
      isRecursor(shape, host) ? { do: 'wipe-recursor-cache', records: recordsNamed(shape, names) } : notHere,
    lasts: quick,
    answer: (shape, _, __, names) => answer(`wiped ${recordsNamed(shape, names).length} records`),
  },
  {
    argv: ['recursor-cache-status'],
    andMore: true,
    lasts: quick,
    answer: (shape, state, host, names) => {
      if (!isRecursor(shape, host)) return notHere;
      const records = recordsNamed(shape, names);
      if (records.length < names.length) return answer('there is no such record', 2);
      const current = recursorIsCurrent(shape, state, host, records);
      if (current === undefined) return answer('no authoritative server answers', 1);
      return answer(current ? 'current' : 'stale');
    },
  },
  {
    argv: ['systemctl', 'restart', 'envoyproxy'],
    effect: (_, state, host) =>
      host in state.hosts.jobConnections ? { do: 'restart-job-runners' } : notHere,
    lasts: () => 3 * SECOND,
    answer: done(''),
  },
  {
    argv: ['job-runner-connections'],
    lasts: quick,
    answer: (shape, state, host) => {
      if (!(host in state.hosts.jobConnections)) return notHere;
      return answer(jobRunnersBehind(shape, state).includes(host) ? 'old' : 'current');
    },
  },
  {
    argv: ['find', '/var/run/confd-template', '-name', '.discovery-*.err', '-delete'],
    effect: (_, state, host) => (host in state.hosts.confdErrors ? { do: 'remove-confd-errors' } : notHere),
    lasts: quick,
    answer: done(''),
  },
  {
    argv: ['confd-errors-status'],
    lasts: quick,
    answer: (_, { hosts: { confdErrors } }, host) =>
      host in confdErrors ? answer(confdErrors[host] === true ? 'stale' : 'none') : notHere,
  },
  {
    argv: ['database-role-status'],
    lasts: quick,
    answer: (_, state, host) => {
      const found = state.hosts.databases[host];
      if (found === undefined) return notHere;
      return answer(found.appliedFor === state.store.primary ? 'current' : 'outdated');
    },
  },
];

/** The command that a command line is, with what stands for its `null`s; undefined when no host knows it. Pure. */
export function findCommand(
  argv: readonly string[],
): { command: SimulatedCommand; args: string[] } | undefined {
  const command = simulatedCommands.find(
    (candidate) =>
      (candidate.andMore ? argv.length > candidate.argv.length : argv.length === candidate.argv.length) &&
      candidate.argv.every((word, index) => word === null || word === argv[index]),
  );
  return command && { command, args: argv.filter((_, index) => typeof command.argv[index] !== 'string') };
}

const isRecursor = (shape: WorldShape, host: HostName): boolean =>
  shape.recursors.some((recursor) => recursor.host === host);

/** The records that these full names are of; a name of something else is left out. */
function recordsNamed(shape: WorldShape, names: readonly string[]): string[] {
  return shape.readWriteRecords.filter((record) => names.includes(`${record}.${DISCOVERY_ZONE}`));
}

function sideNamed(shape: WorldShape, name: string): Side | undefined {
  return sideOf(shape, datacenter(name));
}
