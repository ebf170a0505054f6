import { plural } from '../domain/text.js';
import type { ConfigMistake } from './mistake.js';

/** More than anybody corrects at once; what follows is counted. */
const MOST_SHOWN = 100;

/**
 * One line for each mistake, in the order of the file:
 * `switchdc.yaml:12:7 people[2].roles[0]: "operater", expected a role: operator, dba; did you mean "operator"?` Pure.
 */
export function renderMistakes(mistakes: readonly ConfigMistake[]): string {
  const lines = [...mistakes].sort(byPosition).slice(0, MOST_SHOWN).map(mistakeLine);
  const more = mistakes.length - lines.length;
  const head = `The configuration has ${plural(mistakes.length, 'mistake')}:`;
  return [head, ...lines.map((line) => `  ${line}`), ...(more > 0 ? [`  … and ${more} more`] : [])].join(
    '\n',
  );
}

function mistakeLine({ file, path, at, found, expected, suggestion }: ConfigMistake): string {
  const place = [file, at?.line, at?.column].filter((part) => part !== undefined).join(':');
  const where = [place, path].filter((part) => part !== '').join(' ');
  const hint = suggestion === undefined ? '' : `; ${suggestion}`;
  return `${where === '' ? '' : `${where}: `}${found}, expected ${expected}${hint}`;
}

function byPosition(a: ConfigMistake, b: ConfigMistake): number {
  const [first, second] = [a.at ?? END, b.at ?? END];
  return first.line - second.line || first.column - second.column;
}

const END = { line: Number.MAX_SAFE_INTEGER, column: 0 };
