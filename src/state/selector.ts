import type { KindName, Selector, Tags } from './store.js';
import { kinds } from './kinds.js';

export type SelectorResult = { ok: true; selector: Selector } | { ok: false; problem: string };

/** Nested quantifiers and the like can make a pattern take for ever; names need nothing but these characters. */
const HARMLESS = /^[A-Za-z0-9_.|()*-]{1,512}$/;

/**
 * Reads `dnsdisc=(swift|search),name=eqiad`: for each tag a pattern that must match the whole value, where `.*`
 * matches anything; tags left out match all. Pure; mistakes are values.
 */
export function parseSelector(kind: KindName, text: string): SelectorResult {
  const patterns: Record<string, RegExp> = {};
  for (const part of text.split(/,(?![^(]*\))/).filter((piece) => piece !== '')) {
    const at = part.indexOf('=');
    const tag = part.slice(0, at);
    const pattern = part.slice(at + 1);
    if (at < 1 || !kinds[kind].tags.includes(tag))
      return {
        ok: false,
        problem: `"${part.slice(0, 80)}" is not one of ${kinds[kind].tags.map((t) => `${t}=…`).join(', ')}`,
      };
    if (!HARMLESS.test(pattern) || /\*\)*[*]|\)\*/.test(pattern))
      return {
        ok: false,
        problem: `"${pattern.slice(0, 80)}" is not a pattern of names such as (swift|search) or mw-.*`,
      };
    try {
      patterns[tag] = new RegExp(`^(?:${pattern})$`);
    } catch {
      return { ok: false, problem: `"${pattern.slice(0, 80)}" has unbalanced brackets` };
    }
  }
  return { ok: true, selector: { patterns, text } };
}

/** A selector for exactly these tags; no pattern is parsed. */
export function exactly(tags: Tags): Selector {
  const patterns = Object.fromEntries(
    Object.entries(tags).map(([tag, value]) => [tag, new RegExp(`^${escapePattern(value)}$`)]),
  );
  return {
    patterns,
    text: Object.entries(tags)
      .map(([tag, value]) => `${tag}=${value}`)
      .join(','),
  };
}

/** A selector for objects whose tag is one of the values. */
export function anyOf(tag: string, values: readonly string[]): Selector {
  return {
    patterns: { [tag]: new RegExp(`^(?:${values.map(escapePattern).join('|')})$`) },
    text: `${tag}=(${values.join('|')})`,
  };
}

export function matches(selector: Selector, tags: Tags): boolean {
  return Object.entries(selector.patterns).every(([tag, pattern]) => pattern.test(tags[tag] ?? ''));
}

function escapePattern(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
