import { z } from 'zod';
import { ImpossibleState } from '../../../src/domain/errors.js';
import { type DatacenterName, type SectionName, datacenter, section } from '../../../src/domain/names.js';
import type { Installation } from '../../../src/domain/installation.js';
import {
  type Access,
  type PrimaryAccess,
  type PrimaryName,
  primaryName,
} from '../../../src/databases/databases.js';
import { type Evidence, type Finding, blocked, holds, notYet } from '../../../src/runbook/finding.js';
import type { TaskId } from '../../../src/runbook/task.js';
import type { Readers } from '../../../src/runbook/world.js';

/**
 * A primary and the access it had: what a task records. The first record of a task is its rollback picture, and may be
 * of a moment at which one did not answer; so that one is there too, and not left out of the way back.
 */
export type AccessPicture = {
  readonly section: SectionName;
  readonly datacenter: DatacenterName;
  readonly access: Access | 'unknown';
};

/** The primaries of every core section in a datacenter, from the least to the most impactful section. */
export const primariesOf = (installation: Installation, dc: DatacenterName): PrimaryName[] =>
  installation.sections.map((name) => ({ section: name, datacenter: dc }));

export interface AccessesSeen {
  readonly pictures: readonly AccessPicture[];
  /** Those that answered something else than what was expected. */
  readonly different: readonly Evidence[];
  readonly silent: readonly Evidence[];
}

/** Asks all, in parallel, and sorts the answers by what was expected. */
export async function lookAtAccess(
  see: Readers,
  of: readonly PrimaryName[],
  expected: Access,
): Promise<AccessesSeen> {
  const answers = of.length === 0 ? [] : await see.databases.access(of);
  const pictures: AccessPicture[] = [];
  const different: Evidence[] = [];
  const silent: Evidence[] = [];
  for (const primary of of) {
    const about = `${primaryName(primary)} access`;
    const access = answerOf(answers, primary);
    if (!access.answered) {
      silent.push({ about, seen: `no answer: ${access.because}`, expected });
      pictures.push({ ...primary, access: 'unknown' });
      continue;
    }
    pictures.push({ ...primary, access: access.value });
    if (access.value !== expected) different.push({ about, seen: access.value, expected });
  }
  return { pictures, different, silent };
}

/** Whether every primary of the core sections in a datacenter has this access; one that has another blocks. */
export async function allHaveAccess(
  see: Readers,
  installation: Installation,
  dc: DatacenterName,
  access: Access,
): Promise<Finding> {
  const of = primariesOf(installation, dc);
  const { different, silent } = await lookAtAccess(see, of, access);
  if (different.length > 0) return blocked([...different, ...silent]);
  return silent.length > 0 ? notYet(silent) : holds([allAre(of, access)]);
}

/** `12 primaries in codfw: read-only`. */
export const allAre = (of: readonly PrimaryName[], access: Access): Evidence => ({
  about: `${of.length} primaries in ${[...new Set(of.map((primary) => primary.datacenter))].join(' and ')}`,
  seen: access,
});

function answerOf(answers: readonly PrimaryAccess[], of: PrimaryName): PrimaryAccess['access'] {
  const own = answers.find(
    ({ primary }) => primary.section === of.section && primary.datacenter === of.datacenter,
  );
  return own?.access ?? { answered: false, because: 'it was not asked' };
}

const recorded = z.array(
  z.object({
    section: z.string().transform(section),
    datacenter: z.string().transform(datacenter),
    access: z.enum(['read-only', 'read-write', 'unknown']),
  }),
);

/** The primaries that an earlier task of this run found, or may have found, with this access. Throws when it recorded nothing. */
export function recallPrimaries(see: Readers, task: TaskId, access: Access): PrimaryName[] {
  const parsed = recorded.safeParse(see.recall(task)?.before);
  if (!parsed.success) throw new ImpossibleState(`${task} recorded no access that could be put back`);
  return parsed.data
    .filter((picture) => picture.access === access || picture.access === 'unknown')
    .map((picture) => ({ section: picture.section, datacenter: picture.datacenter }));
}
