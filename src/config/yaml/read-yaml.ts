import { type Document, LineCounter } from 'yaml';
import type { ConfigMistake, Position } from '../mistake.js';
import { pathText } from '../path-text.js';
import type { Raw } from '../raw.js';
import { composeText } from './compose-text.js';
import { LIMITS } from './limits.js';
import { plainOf } from './plain.js';
import { syntaxMistake } from './syntax-mistake.js';

/** Where keys and values are in the file, by the text of their path. */
export interface Positions {
  key(path: string): Position | undefined;
  value(path: string): Position | undefined;
}

export type YamlText =
  | { readonly ok: true; readonly value: Raw; readonly positions: Positions }
  | { readonly ok: false; readonly mistakes: readonly ConfigMistake[] };

/**
 * Reads one document of YAML 1.2 into plain values. Texts stay what was written (`yes`, `2026-03-25`, `15:00`); keys
 * are texts. Nothing at all is null. Never throws, and takes a few seconds at most, whatever the text. Pure.
 */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const composed = composeText(text, lines);
  if ('offset' in composed) return refused(composed.found, composed.expected, positionOf(composed.offset));
  const [document, second] = composed.documents;
  if (document === undefined) return { ok: true, value: null, positions: NOWHERE };
  // A tag or a directive that is not known is only a warning to the library.
  const problems = [...document.errors, ...document.warnings].slice(0, LIMITS.errors);
  if (problems.length > 0)
    return {
      ok: false,
      mistakes: problems.map((problem) => syntaxMistake(problem, positionOf(problem.pos[0]))),
    };
  if (second !== undefined) return refused('a second document', 'one document', positionOf(second.range[0]));
  return isOlder(document)
    ? refused('another version of YAML', OTHER_VERSION, positionOf(0))
    : plain(document, positionOf);
}

const NOWHERE: Positions = { key: () => undefined, value: () => undefined };
const OTHER_VERSION = 'YAML 1.2, in which no and 12:30 are texts';

function isOlder({ directives: { yaml } }: Document.Parsed): boolean {
  return yaml.explicit === true && yaml.version !== '1.2';
}

function plain(document: Document.Parsed, positionOf: (offset: number) => Position): YamlText {
  const { value, keys, values, problems } = plainOf(document);
  if (problems.length > 0) {
    const mistakes = problems.map(({ path, offset, ...rest }) => ({
      path: pathText(path),
      at: positionOf(offset),
      ...rest,
    }));
    return { ok: false, mistakes };
  }
  const at = (offset: number | undefined): Position | undefined =>
    offset === undefined ? undefined : positionOf(offset);
  return {
    ok: true,
    value,
    positions: { key: (path) => at(keys.get(path)), value: (path) => at(values.get(path)) },
  };
}

function refused(found: string, expected: string, at: Position): YamlText {
  return { ok: false, mistakes: [{ path: '', at, found, expected }] };
}
