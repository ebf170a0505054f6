import {
  type Alias,
  type Document,
  type Node,
  type Pair,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
} from 'yaml';
import { type ConfigPath, pathText } from '../path-text.js';
import type { Raw } from '../raw.js';
import { LIMITS } from './limits.js';

export interface Plain {
  readonly value: Raw;
  /** Offsets in the file by the text of a path. */
  readonly keys: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, number>;
  readonly problems: readonly PlainProblem[];
}

interface PlainProblem {
  readonly path: ConfigPath;
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
}

/**
 * A document as plain values, with where each stands. Done here and not by the library, because it must stop at
 * aliases that multiply or contain themselves, and tell every key that is written twice; and because the library
 * looks through the whole document for each alias. Pure.
 */
export function plainOf(document: Document.Parsed): Plain {
  const reader = new PlainReader();
  const value = reader.read(document.contents, [], []);
  return { value, keys: reader.keys, values: reader.values, problems: reader.problems };
}

/** What is being read: `open` is the chain of nodes that a node is in, aliases followed. */
class PlainReader {
  readonly keys = new Map<string, number>();
  readonly values = new Map<string, number>();
  readonly problems: PlainProblem[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #anchored = new Set<Node>();
  #count = 0;

  read(node: Node | null, path: ConfigPath, open: readonly Node[]): Raw {
    if (this.#count > LIMITS.values) return undefined;
    this.#count += 1;
    if (this.#count > LIMITS.values)
      return this.#refuse(
        path,
        node,
        'too many values',
        `at most ${LIMITS.values} of them, aliases followed`,
      );
    if (node === null) return null;
    if (node.range && !this.values.has(pathText(path))) this.values.set(pathText(path), node.range[0]);
    if (open.includes(node))
      return this.#refuse(path, node, 'an alias within what it stands for', 'a value that ends');
    if (isAlias(node)) return this.#followAlias(node, path, open);
    this.#noteAnchor(node);
    const inner = [...open, node];
    if (isSeq(node)) return node.items.map((item, index) => this.read(nodeOf(item), [...path, index], inner));
    if (isMap(node)) return this.#readMap(node.items, path, inner);
    if (isScalar(node) && isPlainValue(node.value)) return node.value;
    return this.#refuse(path, node, 'a value of another kind', 'a text, a number, true or false');
  }

  #readMap(pairs: readonly Pair[], path: ConfigPath, open: readonly Node[]): Raw {
    const section: Record<string, Raw> = {};
    for (const pair of pairs) {
      if (this.problems.length >= LIMITS.errors) break;
      const node = nodeOf(pair.key);
      const name = isScalar(node) ? keyText(node.value) : undefined;
      if (name === undefined || name === '__proto__') {
        this.#refuse(path, node, 'a key that is not a word', 'a word before each colon');
        continue;
      }
      const own = [...path, name];
      if (Object.hasOwn(section, name)) this.#refuse(own, node, 'the same key again', 'each key once');
      if (node?.range) this.keys.set(pathText(own), node.range[0]);
      section[name] = this.read(nodeOf(pair.value), own, open);
    }
    return section;
  }

  #followAlias(alias: Alias, path: ConfigPath, open: readonly Node[]): Raw {
    const target = this.#anchors.get(alias.source);
    if (target === undefined)
      return this.#refuse(path, alias, 'an alias of nothing', 'an alias of what was named before');
    return this.read(target, path, [...open, alias]);
  }

  /** In the order of the file, so that an alias means the last one of its name before it; not again through an alias. */
  #noteAnchor(node: Node & { anchor?: string }): void {
    if (node.anchor === undefined || this.#anchored.has(node)) return;
    this.#anchored.add(node);
    this.#anchors.set(node.anchor, node);
  }

  #refuse(path: ConfigPath, node: Node | null, found: string, expected: string): Raw {
    this.problems.push({ path, offset: node?.range?.[0] ?? 0, found, expected });
    return undefined;
  }
}

/** Parsed documents hold nodes only; their types leave room for plain values that a program put in. */
function nodeOf(part: unknown): Node | null {
  return isNode(part) ? part : null;
}

/** `1:` and `yes:` are keys like any other. */
function keyText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : undefined;
}

function isPlainValue(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
