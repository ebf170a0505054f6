import { closest } from '../domain/suggest.js';
import { BadHostQuery } from './errors.js';
import { expandNames } from './expand-names.js';
import type { HostName, HostQuery } from './hosts.js';
import type { Inventory } from './inventory.js';
import { sortNames } from './sort-names.js';

const LONGEST = 4_096;
const DEEPEST = 20;

interface Token {
  readonly text: string;
  /** From 0. */
  readonly at: number;
}

/**
 * The hosts that an expression names, sorted: `db[1001-1004].eqiad.wmnet`, `A:mw-maintenance and *.codfw.wmnet`,
 * `A:db-primary and not db1101*`. `and` and `or` may not be mixed without parentheses: whoever would have to guess which
 * binds tighter is about to run something on the wrong hosts. Throws BadHostQuery for an expression that cannot be read,
 * for a host or alias that is not in the inventory, and for a set without hosts. Pure.
 */
export function expandHostQuery(query: HostQuery, inventory: Inventory): readonly HostName[] {
  const found = new Reader(query, inventory, []).read();
  if (found.size === 0) throw new BadHostQuery(`"${query}" names no host`);
  return sortNames(found);
}

/** Reads one expression by recursive descent. */
class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(
    readonly query: string,
    readonly inventory: Inventory,
    /** The aliases that are being read, outermost first. */
    readonly aliases: readonly string[],
  ) {
    if (query.length > LONGEST)
      throw new BadHostQuery(`a host expression has at most ${LONGEST} characters, this has ${query.length}`);
    this.#tokens = [...query.matchAll(/[()]|[^\s()]+/g)].map((match) => ({
      text: match[0],
      at: match.index,
    }));
  }

  read(): Set<HostName> {
    const found = this.#chain();
    const rest = this.#peek();
    if (rest !== undefined) this.#fail(rest, `"and", "or" or the end`);
    return found;
  }

  #chain(): Set<HostName> {
    let left = this.#operand();
    let operator: string | undefined;
    for (let token = this.#peek(); token?.text === 'and' || token?.text === 'or'; token = this.#peek()) {
      if (operator !== undefined && operator !== token.text)
        this.#fail(token, `parentheses around one side, since "and" and "or" are mixed`);
      operator = token.text;
      this.#next += 1;
      left = this.#combine(left, operator);
    }
    return left;
  }

  #combine(left: Set<HostName>, operator: string): Set<HostName> {
    if (operator === 'or') return new Set([...left, ...this.#operand()]);
    const negated = this.#peek()?.text === 'not';
    if (negated) this.#next += 1;
    const right = this.#operand();
    return new Set([...left].filter((host) => right.has(host) !== negated));
  }

  #operand(): Set<HostName> {
    const token = this.#peek();
    if (token === undefined || token.text === ')' || token.text === 'and' || token.text === 'or')
      this.#fail(token, 'a host, A:alias or "("');
    if (token.text === 'not') this.#fail(token, 'a host, A:alias or "(" (not "not": it stands after "and")');
    this.#next += 1;
    if (token.text === '(') return this.#group(token);
    if (token.text.startsWith('A:')) return this.#alias(token);
    return this.#names(token);
  }

  #group(open: Token): Set<HostName> {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#fail(open, `at most ${DEEPEST} parentheses inside each other`);
    const found = this.#chain();
    if (this.#peek()?.text !== ')') this.#fail(this.#peek(), '")"');
    this.#next += 1;
    this.#depth -= 1;
    return found;
  }

  #alias(token: Token): Set<HostName> {
    const name = token.text.slice(2);
    const { aliases } = this.inventory;
    const query = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    if (query === undefined)
      this.#fail(token, `an alias that exists${didYouMean(name, Object.keys(aliases), 'A:')}`);
    if (this.aliases.includes(name)) this.#fail(token, `an alias that does not come back to itself`);
    return new Reader(query, this.inventory, [...this.aliases, name]).read();
  }

  #names(token: Token): Set<HostName> {
    const names = expandNames(token.text, (at, expected) => this.#failAt(token.at + at, expected));
    const known = new Set(this.inventory.hosts);
    return new Set(names.flatMap((name) => this.#known(token, name, known)));
  }

  #known(token: Token, name: string, known: ReadonlySet<HostName>): readonly HostName[] {
    if (name.includes('*')) {
      const pieces = name.split('*');
      return [...known].filter((host) => fits(host, pieces));
    }
    if (!known.has(name)) this.#fail(token, `a known host, ${name} is none${didYouMean(name, known, '')}`);
    return [name];
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #fail(token: Token | undefined, expected: string): never {
    return this.#failAt(token?.at ?? this.query.length, expected, token?.text);
  }

  #failAt(at: number, expected: string, found = this.query.slice(at, at + 20)): never {
    const where = this.aliases.length === 0 ? '' : ` of A:${this.aliases.join(' in A:')}`;
    throw new BadHostQuery(
      `character ${at + 1}${where}: expected ${expected}, found ${found === '' ? 'the end' : `"${found.slice(0, 80)}"`}`,
    );
  }
}

/** Whether a name is made of these pieces with anything in between; linear, unlike a pattern. */
function fits(name: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop() ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

function didYouMean(typed: string, words: Iterable<string>, prefix: string): string {
  const meant = closest(typed, words);
  return meant === undefined ? '' : ` (did you mean ${prefix}${meant}?)`;
}
