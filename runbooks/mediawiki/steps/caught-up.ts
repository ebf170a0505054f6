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
export async function caughtUp(see: Readers, installation: Installation, pair: Pair): Promise<Finding> {
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
    else unknown.push({ about: `${primaryName(primary)} position`, seen: `no answer: ${position.because}` });
  if (asked.length < written.length)
    return notYet(
      unknown.length > 0
        ? unknown
        : [{ about: 'positions', seen: `${asked.length}`, expected: `${written.length}` }],
    );
  const answers = await see.databases.reached(asked, ONE_LOOK, see.signal);
  const missing = asked.flatMap(({ primary, position }): Evidence[] => {
    const own = answers.find((answer) => answer.primary.section === primary.section)?.reached;
    if (own?.answered === true && own.value) return [];
    const seen =
      own === undefined ? 'it was not asked' : own.answered ? 'not reached yet' : `no answer: ${own.because}`;
    return [{ about: `${primaryName(primary)} executed`, seen, expected: position }];
  });
  if (missing.length > 0) return notYet(missing);
  return holds([
    {
      about: `${asked.length} primaries in ${pair.behind}`,
      seen: `have executed everything written in ${pair.ahead}`,
    },
  ]);
}

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
