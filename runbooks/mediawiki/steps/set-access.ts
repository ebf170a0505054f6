import { type Access, type PrimaryName, primaryName } from '../../../src/databases/databases.js';
import { type Evidence, type Finding, blocked, holds, notYet } from '../../../src/runbook/finding.js';
import { accessObject } from '../../../src/runbook/planned-change.js';
import type { Explanation, Patience, Step } from '../../../src/runbook/task.js';
import type { Readers } from '../../../src/runbook/world.js';
import { type AccessPicture, allAre, lookAtAccess } from './access-picture.js';

export interface SetAccess {
  readonly explain: Explanation;
  readonly patience: Patience;
  readonly access: Access;
  /** Which primaries; may depend on what an earlier task recorded. */
  readonly primaries: (see: Readers) => readonly PrimaryName[];
  /** What forbids it, if anything does. Asked at the same time as the primaries themselves. */
  readonly forbids?: (see: Readers, primaries: readonly PrimaryName[]) => Promise<readonly Evidence[]>;
  /** What has to be observed besides the primaries' own answer. */
  readonly observe?: (see: Readers) => Promise<Finding>;
}

/** What each primary answered when it was set, where that is not what was asked for: `s4.eqiad: …`. */
export type SetAccessDone = { readonly notSet: readonly string[] };

/** A step that sets the access of database primaries, all at once, and asks each again. */
export function setAccess(spec: SetAccess): Step<readonly AccessPicture[], SetAccessDone> {
  const { explain, patience, access, primaries, forbids, observe } = spec;
  const isDue = (picture: AccessPicture): boolean =>
    picture.access !== access && picture.access !== 'unknown';
  return {
    explain,
    patience,
    again: 'safe',
    async check(see) {
      const of = primaries(see);
      const [{ pictures, silent }, forbidden] = await Promise.all([
        lookAtAccess(see, of, access),
        forbids?.(see, of) ?? Promise.resolve([]),
      ]);
      const changes = pictures
        .filter(isDue)
        .map((picture) => ({ object: accessObject(picture), from: picture.access, to: access }));
      if (forbidden.length > 0) return { finding: blocked(forbidden), before: pictures, changes };
      return { finding: silent.length > 0 ? notYet(silent) : holds(), before: pictures, changes };
    },
    async apply(act, before) {
      const of = before
        .filter(isDue)
        .map((picture) => ({ section: picture.section, datacenter: picture.datacenter }));
      const answers = await act.databases.setAccess(of, access);
      const notSet = answers.flatMap(({ primary, access: now, refused }) => {
        if (now.answered && now.value === access) return [];
        const why = refused === undefined ? '' : ` (${refused})`;
        return [`${primaryName(primary)}: ${now.answered ? `still ${now.value}${why}` : now.because}`];
      });
      return { notSet };
    },
    async verify(see, facts) {
      const of = primaries(see);
      const [{ different, silent }, observed] = await Promise.all([
        lookAtAccess(see, of, access),
        observe?.(see) ?? Promise.resolve(holds()),
      ]);
      // A statement that could not be carried out leaves things as they were; waiting does not change that.
      if (different.length > 0) return blocked([...different, ...whatTheySaid(facts.done)]);
      if (silent.length > 0) return notYet(silent);
      return observed.kind === 'holds' ? holds([allAre(of, access), ...observed.evidence]) : observed;
    },
  };
}

function whatTheySaid(done: SetAccessDone | undefined): Evidence[] {
  return (done?.notSet ?? []).map((text) => ({ about: 'when it was set', seen: text }));
}
