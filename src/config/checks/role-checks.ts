import { type Misfit, misfitAt } from '../misfit.js';
import { type Raw, elementsAt, entriesAt } from '../raw.js';

/** Every role that is used must be defined: a misspelt one would silently be nobody's. Pure. */
export function roleChecks(raw: Raw): readonly Misfit[] {
  const defined = entriesAt(raw, ['roles']).map(({ key }) => key);
  if (defined.length === 0) return [];
  const used = [
    ...elementsAt(raw, ['people']).flatMap(({ path }) => elementsAt(raw, [...path, 'roles'])),
    ...['approvals', 'gates'].flatMap((section) =>
      entriesAt(raw, [section]).flatMap(({ path }) => [
        ...elementsAt(raw, [...path, 'mayAnswer']),
        ...elementsAt(raw, [...path, 'needs']),
      ]),
    ),
  ];
  return used
    .filter(({ value }) => typeof value === 'string' && !defined.includes(value))
    .map(({ path }) => misfitAt(raw, path, `a role that is defined: ${defined.join(', ')}`, defined));
}
