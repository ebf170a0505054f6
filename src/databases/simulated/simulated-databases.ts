import { setMaxListeners } from 'node:events';
import { sleep } from '../../domain/clock.js';
import { type Millis, instant, plus, SECOND } from '../../domain/instant.js';
import { isDown } from '../../simulation/faults-in-force.js';
import { openOn } from '../../simulation/pass-edits.js';
import { heartbeatSeen, writtenBy } from '../../simulation/replication.js';
import type { SimulatedWorld } from '../../simulation/simulated-world.js';
import { type Side, otherSide, sideOf } from '../../simulation/world-shape.js';
import type { WriterLog } from '../../simulation/world-state.js';
import type { Access, Answer, Databases, PrimaryName } from '../databases.js';
import { formatPosition } from './position.js';
import { replicationOf, setReplication, whyNotSet } from './replication.js';
import { type Server, waitUntilReached } from './wait-until-reached.js';

/** A statement to a server that is down ends after this. */
const CONNECT_TIMEOUT: Millis = 3_000;
/** Statements to many servers do not arrive at the same moment: these come one after the other, round and round. */
const SPREAD: readonly Millis[] = [0, 1, 2];

/** The simulated database primaries of both datacenters. A statement has its effect when it arrives. */
export function simulatedDatabases(world: SimulatedWorld): Databases {
  const { shape, clock } = world;

  const find = (of: PrimaryName): Server | undefined => {
    const section = shape.sections.indexOf(of.section);
    const side = sideOf(shape, of.datacenter);
    return section === -1 || side === undefined ? undefined : { section, side };
  };
  const logOf = (section: number, side: Side): WriterLog => {
    const log = world.now().sections[section]?.written[side];
    if (log === undefined) throw new RangeError(`there is no section ${section}`);
    return log;
  };
  const accessOf = ({ section, side }: Server): Access =>
    world.now().sections[section]?.access[side] ?? 'read-only';

  /** Asks servers of one datacenter at one moment; those that are down keep everybody waiting. */
  const visit = async <T>(
    servers: readonly Server[],
    ask: (server: Server) => T,
    arrival: Millis = 0,
  ): Promise<Map<Server, Answer<T>>> => {
    const [first] = servers;
    if (first === undefined) return new Map();
    await world.travelTo(first.side);
    if (arrival > 0) await sleep(clock, arrival);
    const { faults } = world.now();
    const down = servers.filter(({ section, side }) => isDown(shape, faults, section, side));
    const answers = new Map<Server, Answer<T>>(
      servers.map((server) => [
        server,
        down.includes(server)
          ? { answered: false, because: 'connection timed out' }
          : { answered: true, value: ask(server) },
      ]),
    );
    await (down.length > 0 ? sleep(clock, CONNECT_TIMEOUT) : world.travelFrom(first.side));
    return answers;
  };
  /** Asks all, both datacenters at the same time. */
  const askAll = async <T>(
    of: readonly PrimaryName[],
    ask: (server: Server) => T,
  ): Promise<{ primary: PrimaryName; answer: Answer<T> }[]> => {
    const found = of.map((primary) => ({ primary, server: find(primary) }));
    const there = found.flatMap(({ server }) => (server === undefined ? [] : [server]));
    const visits = await Promise.all(
      ([0, 1] as const).map((side) =>
        visit(
          there.filter((server) => server.side === side),
          ask,
        ),
      ),
    );
    return found.map(({ primary, server }) => ({ primary, answer: answerOf(visits, server) }));
  };

  return {
    access: async (of) => named('access', await askAll(of, accessOf)),
    positions: async (of) =>
      named(
        'position',
        await askAll(of, (server) => formatPosition(server, writtenBy(logOf(server.section, server.side)))),
      ),
    async reached(of, within, signal) {
      const arrived = await askAll(
        of.map(({ primary }) => primary),
        (server) => server,
      );
      const deadline = plus(clock.now(), within);
      // One signal is listened to by as many as there are servers; that is no leak.
      setMaxListeners(0, signal);
      return Promise.all(
        arrived.map(async ({ primary, answer }, index) => {
          const position = of[index]?.position;
          if (!answer.answered || position === undefined) return { primary, reached: unanswered(answer) };
          const value = await waitUntilReached(world, answer.value, position, deadline, signal);
          return { primary, reached: { answered: true, value } };
        }),
      );
    },
    replication: async (of) => named('status', await askAll(of, (server) => replicationOf(world, server))),
    heartbeats: async (of, writtenIn) =>
      named(
        'seen',
        await askAll(of, ({ section, side }) => {
          const { at } = world.now();
          // Its own it has at once; that of the other comes with everything else.
          const isOwn = shape.datacenters[side] === writtenIn;
          return instant(
            isOwn
              ? Math.floor(at / SECOND) * SECOND
              : heartbeatSeen(logOf(section, otherSide(side)), section, at),
          );
        }),
      ),
    openTransactions: async (of) =>
      named('open', await askAll(of, ({ section, side }) => openOn(shape, world.now(), section, side))),
    setAccess: (of, access) =>
      Promise.all(
        of.map(async (primary, index) => {
          const server = find(primary);
          const set = (there: Server): Access => {
            world.record({ kind: 'access', section: there.section, side: there.side, access });
            return accessOf(there);
          };
          const visits =
            server === undefined ? [] : [await visit([server], set, SPREAD[index % SPREAD.length])];
          return { primary, access: answerOf(visits, server) };
        }),
      ),
    setReplication: (of, to) =>
      Promise.all(
        of.map(async (primary, index) => {
          const server = find(primary);
          const refused = whyNotSet(world, primary, to);
          const set = (there: Server): ReturnType<typeof replicationOf> => {
            if (refused === undefined) setReplication(world, there, to);
            return replicationOf(world, there);
          };
          const visits =
            server === undefined ? [] : [await visit([server], set, SPREAD[index % SPREAD.length])];
          const status = answerOf(visits, server);
          return { primary, status, ...(refused === undefined ? {} : { refused }) };
        }),
      ),
  };
}

/** `{ primary, answer }` under the name that the port gives the answer. */
function named<K extends string, T>(
  name: K,
  answers: readonly { primary: PrimaryName; answer: Answer<T> }[],
): ({ primary: PrimaryName } & Record<K, Answer<T>>)[] {
  return answers.map(
    ({ primary, answer }) => ({ primary, [name]: answer }) as { primary: PrimaryName } & Record<K, Answer<T>>,
  );
}

function answerOf<T>(visits: readonly Map<Server, Answer<T>>[], server: Server | undefined): Answer<T> {
  for (const visit of visits) {
    const answer = server && visit.get(server);
    if (answer !== undefined) return answer;
  }
  return { answered: false, because: 'there is no such server' };
}

function unanswered(answer: Answer<unknown>): { answered: false; because: string } {
  return answer.answered ? { answered: false, because: 'there is no position to wait for' } : answer;
}
