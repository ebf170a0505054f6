import { sameJson } from '../../../src/domain/json.js';
import { type Evidence, type Finding, blocked, holds, notYet } from '../../../src/runbook/finding.js';
import { stateObject } from '../../../src/runbook/planned-change.js';
import type { Explanation, Facts, Patience, Step } from '../../../src/runbook/task.js';
import type { Readers } from '../../../src/runbook/world.js';
import { StoreUnavailable } from '../../../src/state/errors.js';
import { objectName } from '../../../src/state/store.js';
import { type FieldPicture, type WantedField, readFields } from './field-picture.js';

export interface SetFields {
  readonly explain: Explanation;
  readonly patience: Patience;
  /** What is to be so; may depend on what an earlier task recorded. */
  readonly wanted: (see: Readers) => readonly WantedField[];
  /** What forbids to write now, if anything does. */
  readonly forbids?: (
    see: Readers,
    pictures: readonly FieldPicture[],
  ) => Promise<readonly Evidence[]> | readonly Evidence[];
  /** What has to be observed besides the objects themselves: who follows them. */
  readonly observe?: (see: Readers, facts: Facts<readonly FieldPicture[], null>) => Promise<Finding>;
}

/** A step that sets fields of objects in the state store, all in one transaction, and reads them back. */
export function setFields(spec: SetFields): Step<readonly FieldPicture[], null> {
  const { explain, patience, wanted, forbids, observe } = spec;
  return {
    explain,
    patience,
    again: 'safe',
    async check(see) {
      const { pictures, missing, stale } = await readFields(see.state, wanted(see));
      // Neither planned on nor recorded: the first record of a task is its rollback picture.
      if (stale.length > 0)
        throw new StoreUnavailable('the state store does not answer; only old values are known');
      const changes = pictures.filter(differs).map(({ kind, tags, field, was, wanted: to }) => ({
        object: stateObject(kind, tags, field),
        from: was,
        to,
      }));
      const forbidden = [...missing, ...((await forbids?.(see, pictures)) ?? [])];
      if (forbidden.length > 0) return { finding: blocked(forbidden), before: pictures, changes };
      return { finding: holds(), before: pictures, changes };
    },
    async apply(act, before) {
      await act.state.replace(
        before.filter(differs).map(({ kind, tags, field, was, wanted: to }) => ({
          kind,
          tags,
          from: { [field]: was },
          to: { [field]: to },
        })),
      );
      return null;
    },
    async verify(see, facts) {
      const { pictures, missing, stale } = await readFields(see.state, facts.before);
      if (stale.length > 0) return notYet(stale);
      const wrong = [...missing, ...pictures.filter(differs).map(overwritten)];
      if (wrong.length > 0) return blocked(wrong);
      return observe === undefined ? holds(pictures.map(seenIn)) : observe(see, facts);
    },
  };
}

const differs = (picture: FieldPicture): boolean => !sameJson(picture.was, picture.wanted);

const seenIn = ({ kind, tags, field, was }: FieldPicture): Evidence => ({
  about: `${objectName(kind, tags)} ${field}`,
  seen: JSON.stringify(was),
});

/** What was written has been read back by the store, so another value now was written by somebody else. */
const overwritten = (picture: FieldPicture): Evidence => ({
  ...seenIn(picture),
  expected: `${JSON.stringify(picture.wanted)}: somebody else has written it since`,
});
