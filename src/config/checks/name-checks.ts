import { type Misfit, misfitAt } from '../misfit.js';
import { pathText } from '../path-text.js';
import { type Raw, elementsAt, rawAt } from '../raw.js';

/** Lists in which every name may appear once: a section twice would be switched twice. */
const LISTS: readonly string[][] = [['sections'], ['wiki', 'readWriteRecords'], ['dns', 'servers']];

/** Names that must be different from each other: datacenters, sections, records, people, destinations. Pure. */
export function nameChecks(raw: Raw): readonly Misfit[] {
  return [
    ...sameDatacenter(raw),
    ...LISTS.flatMap((path) => repeated(raw, elementsAt(raw, path))),
    ...elementsAt(raw, ['people']).flatMap(({ path }) => repeated(raw, elementsAt(raw, [...path, 'roles']))),
    ...repeated(
      raw,
      elementsAt(raw, ['people']).map(({ path }) => ({
        path: [...path, 'name'],
        value: rawAt(raw, [...path, 'name']),
      })),
    ),
    ...repeatedDestinations(raw),
  ];
}

function sameDatacenter(raw: Raw): readonly Misfit[] {
  const [northern, southern] = ['northern', 'southern'].map((which) =>
    rawAt(raw, ['datacenters', which, 'name']),
  );
  if (typeof northern !== 'string' || northern !== southern) return [];
  return [misfitAt(raw, ['datacenters', 'southern', 'name'], 'another datacenter than the northern one')];
}

function repeated(raw: Raw, elements: ReturnType<typeof elementsAt>): readonly Misfit[] {
  const first = new Map<Raw, string>();
  return elements.flatMap(({ path, value }) => {
    if (typeof value !== 'string') return [];
    const seen = first.get(value);
    if (seen !== undefined) return [misfitAt(raw, path, `each name once; it is already in ${seen}`)];
    first.set(value, pathText(path));
    return [];
  });
}

function repeatedDestinations(raw: Raw): readonly Misfit[] {
  const first = new Map<string, string>();
  return elementsAt(raw, ['chat', 'destinations']).flatMap(({ path, value }) => {
    const [platform, channel] = [rawAt(value, ['platform']), rawAt(value, ['channel'])];
    if (typeof platform !== 'string' || typeof channel !== 'string') return [];
    const seen = first.get(`${platform}/${channel}`);
    if (seen !== undefined)
      return [misfitAt(raw, [...path, 'channel'], `each channel once; it is already in ${seen}`)];
    first.set(`${platform}/${channel}`, pathText(path));
    return [];
  });
}
