import { setMaxListeners } from 'node:events';
import { sleep } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import { faultsInForce } from '../../simulation/faults-in-force.js';
import { findCommand } from '../../simulation/simulated-commands.js';
import type { SimulatedWorld } from '../../simulation/simulated-world.js';
import { type Side, sideOf } from '../../simulation/world-shape.js';
import { CommandWrites } from '../errors.js';
import { expandHostQuery } from '../host-query.js';
import type { HostCommand, HostName, HostOutcome, HostQuery, HostResult, Hosts } from '../hosts.js';
import { datacenterOfHost } from '../inventory.js';
import { runInBatches } from '../run-in-batches.js';

/** Until a host that does not answer is given up. */
const CONNECT_TIMEOUT: Millis = 3_000;

/** The simulated hosts. A command has its effect at its end: when this process dies before, so does the command. */
export function simulatedHosts(world: SimulatedWorld): Hosts {
  const { shape, clock } = world;

  const placeOf = (host: HostName): Side => {
    const place = datacenterOfHost(host, shape.datacenters);
    return place === undefined ? shape.home : (sideOf(shape, place) ?? shape.home);
  };
  const outcomeOn = async (
    host: HostName,
    command: HostCommand,
    signal: AbortSignal,
  ): Promise<HostOutcome> => {
    const place = placeOf(host);
    await world.travelTo(place, signal);
    if (faultsInForce.unreachable(world.now().faults, host)) {
      await sleep(clock, CONNECT_TIMEOUT, signal);
      return { kind: 'unreachable', because: 'connection timed out' };
    }
    const outcome = await execute(world, host, command, signal);
    await world.travelFrom(place, signal);
    return outcome;
  };
  const runAll = (query: HostQuery, command: HostCommand, signal: AbortSignal): Promise<HostResult[]> => {
    const one = async (host: HostName): Promise<HostResult> => ({
      host,
      outcome: await outcomeOn(host, command, signal).catch((error: unknown) =>
        calledOff(error, command, signal),
      ),
    });
    // One signal is listened to by as many as there are hosts; that is no leak.
    setMaxListeners(0, signal);
    return runInBatches(expandHostQuery(query, shape.inventory), command, one, clock, signal);
  };
  return {
    find: (query) => expandHostQuery(query, shape.inventory),
    async ask(query, command, signal) {
      const writes = command.effect === 'writes' || findCommand(command.argv)?.command.effect !== undefined;
      if (writes) throw new CommandWrites(`${command.name} writes and cannot be used to read`);
      return runAll(query, command, signal);
    },
    run: (query, command, _by, signal) => runAll(query, command, signal),
  };
}

async function execute(
  world: SimulatedWorld,
  host: HostName,
  command: HostCommand,
  signal: AbortSignal,
): Promise<HostOutcome> {
  const { shape, clock } = world;
  const exited = (code: number, output: string): HostOutcome => ({
    kind: 'exited',
    code,
    ok: command.okCodes.includes(code),
    output,
  });
  if (faultsInForce.commandFails(world.now().faults, command.name))
    return exited(1, 'it fails, as it was told to');
  const found = findCommand(command.argv);
  if (found === undefined) return exited(127, `${command.argv[0] ?? ''}: command not found`);
  const length = found.command.lasts(shape, world.now(), found.args);
  await sleep(clock, Math.min(length, command.timeout), signal);
  if (length > command.timeout) return { kind: 'timed-out', after: command.timeout };
  if (found.command.effect) {
    const effect = found.command.effect(shape, world.now(), host, found.args);
    if (!('do' in effect)) return exited(effect.code, effect.output);
    world.record({ kind: 'command', host, effect });
  }
  const { code, output } = found.command.answer(shape, world.now(), host, found.args);
  return exited(code, output);
}

/** Only our own signal interrupts a command; what it had done by then is not known, unless it only reads. */
function calledOff(error: unknown, command: HostCommand, signal: AbortSignal): HostOutcome {
  if (!signal.aborted) throw error;
  return command.effect === 'reads'
    ? { kind: 'not-attempted', because: 'it was called off' }
    : { kind: 'unknown', because: 'it was called off while it ran' };
}
