import type { Installation } from '../../../src/domain/installation.js';
import { type Millis, SECOND } from '../../../src/domain/instant.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import { type Position, type PrimaryName, primaryName } from '../../../src/databases/databases.js';
import { type Evidence, type Finding, blocked, holds, notYet } from '../../../src/runbook/finding.js';
import type { Readers } from '../../../src/runbook/world.js';
import { primariesOf } from './access-picture.js';

/** How long one look waits in the servers themselves; the step's patience looks again. */
const ONE_LOOK: Millis = SECOND;

export interface Pair {
  /** Where everything was written, and which is read-only now. */
  readonly ahead: DatacenterName;
  /** Where it has to have been executed. */
  readonly behind: DatacenterName;
}

/**
 * Whether the primaries of one datacenter have executed everything that those of the other wrote. To be asked after
 * the other side was *seen* read-only (`allHaveAccess`): the positions are read here, anew at each look, because an
 * earlier one would prove nothing about later writes. So they are never recorded, never part of a plan, and a restart
 * loses none.
 */
export async function caughtUp(
  see: Readers,
  installation: Installation,
  pair: Pair,
  beats: Beats = {},
): Promise<Finding> {
  const written = primariesOf(installation, pair.ahead);
  const [flow, positions] = await Promise.all([
    replicationFlows(see, installation, pair),
    see.databases.positions(written),
  ]);
  if (flow.kind !== 'holds') return flow;
  const asked: { primary: PrimaryName; position: Position }[] = [];
  const unknown: Evidence[] = [];
  for (const { primary, position } of positions)
    if (position.answered)
      asked.push({
        primary: { section: primary.section, datacenter: pair.behind },
        position: position.value,
      });
    else if (beats[primary.section] === undefined)
      unknown.push({ about: `${primaryName(primary)} position`, seen: `no answer: ${position.because}` });
  const byBeat = written.filter(
    ({ section }) =>
      !asked.some(({ primary }) => primary.section === section) && beats[section] !== undefined,
  );
  if (asked.length + byBeat.length < written.length)
    return notYet(
      unknown.length > 0
        ? unknown
        : [{ about: 'positions', seen: `${asked.length}`, expected: `${written.length}` }],
    );
  const [answers, late] = await Promise.all([
    see.databases.reached(asked, ONE_LOOK, see.signal),
    withoutNewerBeat(see, byBeat, pair, beats),
  ]);
  const missing = asked.flatMap(({ primary, position }): Evidence[] => {
    const own = answers.find((answer) => answer.primary.section === primary.section)?.reached;
    if (own?.answered === true && own.value) return [];
    const seen =
      own === undefined ? 'it was not asked' : own.answered ? 'not reached yet' : `no answer: ${own.because}`;
    return [{ about: `${primaryName(primary)} executed`, seen, expected: position }];
  });
  if (missing.length + late.length > 0) return notYet([...missing, ...late]);
  return holds([
    ...byBeat.map(({ section }) => ({ about: `${section}.${pair.behind}`, seen: 'shows a newer heartbeat' })),
    {
      about: `${asked.length + byBeat.length} primaries in ${pair.behind}`,
      seen: `have executed everything written in ${pair.ahead}`,
    },
  ]);
}

/** By section, the heartbeat that a primary without a position had when it was read-only already; milliseconds. */
export type Beats = Readonly<Record<string, number>>;

/**
 * For primaries that answer and have no position (GTID is not in use): the newest heartbeat of each, read on itself. To
 * be called once they were seen read-only, and recorded: what replicates after that beat is everything there is.
 */
export async function beatsWithoutPosition(
  see: Readers,
  installation: Installation,
  ahead: DatacenterName,
): Promise<Beats> {
  const positions = await see.databases.positions(primariesOf(installation, ahead));
  const without = positions.filter(({ position }) => !position.answered).map(({ primary }) => primary);
  const beats = without.length === 0 ? [] : await see.databases.heartbeats(without, ahead);
  return Object.fromEntries(
    beats.flatMap(({ primary, seen }) => (seen.answered ? [[primary.section, seen.value]] : [])),
  );
}

/** Heartbeats are written once a second, so only a strictly newer one proves that all before it has arrived. */
async function withoutNewerBeat(
  see: Readers,
  written: readonly PrimaryName[],
  { ahead, behind }: Pair,
  beats: Beats,
): Promise<Evidence[]> {
  if (written.length === 0) return [];
  const of = written.map(({ section }) => ({ section, datacenter: behind }));
  const answers = await see.databases.heartbeats(of, ahead);
  return of.flatMap((primary): Evidence[] => {
    const seen = answers.find((answer) => answer.primary.section === primary.section)?.seen;
    const recorded = beats[primary.section] ?? Number.POSITIVE_INFINITY;
    if (seen?.answered === true && seen.value > recorded) return [];
    const shown =
      seen === undefined
        ? 'it was not asked'
        : seen.answered
          ? new Date(seen.value).toISOString()
          : `no answer: ${seen.because}`;
    return [
      {
        about: `${primaryName(primary)} heartbeat of ${ahead}`,
        seen: shown,
        expected: `newer than ${isoMillis(recorded)}`,
      },
    ];
  });
}

const isoMillis = (at: number): string =>
  Number.isFinite(at) ? new Date(at).toISOString() : 'the recorded one';

/**
 * Whether the primaries `behind` replicate from those `ahead` at all. A wait for a position cannot tell: with a stopped
 * thread it only runs into its timeout.
 */
export async function replicationFlows(
  see: Readers,
  installation: Installation,
  pair: Pair,
): Promise<Finding> {
  const statuses = await see.databases.replication(primariesOf(installation, pair.behind));
  const silent: Evidence[] = [];
  const broken: Evidence[] = [];
  for (const section of installation.sections) {
    const about = `${section}.${pair.behind} replication`;
    const status = statuses.find(({ primary }) => primary.section === section)?.status;
    if (!status?.answered) {
      silent.push({ about, seen: `no answer: ${status?.because ?? 'it was not asked'}` });
      continue;
    }
    const { from, running, problem } = status.value;
    if (from !== pair.ahead)
      broken.push({ about, seen: `replicates from ${from}`, expected: `from ${pair.ahead}` });
    else if (!running)
      broken.push({
        about,
        seen: `stopped${problem === undefined ? '' : `: ${problem}`}`,
        expected: 'running: find the error with SHOW SLAVE STATUS, repair it, START SLAVE, then `retry`',
      });
  }
  if (broken.length > 0) return blocked([...broken, ...silent]);
  return silent.length > 0 ? notYet(silent) : holds();
}
