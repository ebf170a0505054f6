import { identityKey } from '../../access/identity-key.js';
import { type Misfit, misfitAt } from '../misfit.js';
import { type ConfigPath, pathText } from '../path-text.js';
import { type Raw, elementsAt } from '../raw.js';
import { personSection } from '../schema/people-sections.js';
import { personOf } from '../person-of.js';

/**
 * Every identity belongs to one person, and is written down once. Whoever cannot be read is left out: the schema has
 * told what is wrong there. Pure.
 */
export function identityChecks(raw: Raw): readonly Misfit[] {
  const first = new Map<string, ConfigPath>();
  return elementsAt(raw, ['people']).flatMap(({ path, value }) => {
    const parsed = personSection.safeParse(value);
    if (!parsed.success) return [];
    return personOf(parsed.data).identities.flatMap((identity, index): readonly Misfit[] => {
      const key = identityKey(identity);
      const own = [...path, 'identities', index];
      const seen = first.get(key);
      if (seen === undefined) {
        first.set(key, own);
        return [];
      }
      const expected = `each identity once, and for one person; ${key} is already in ${pathText(seen)}`;
      return [{ ...misfitAt(raw, own, expected), found: JSON.stringify(key) }];
    });
  });
}
