import { closest } from '../domain/suggest.js';
import type { Line, Token } from './line.js';
import { type Mistake, quote } from './mistake.js';
import type { Parameter } from './parameter.js';

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What a line gives to each parameter, by key; or that help is asked for; or what is wrong. */
export type Assigned =
  | { readonly kind: 'assigned'; readonly texts: ReadonlyMap<string, readonly string[]> }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

/**
 * Gives the words of a line to the parameters of a command. Flags may stand anywhere; `--` ends them; where the rest of
 * the line is wanted as it was typed, it starts at the first word that is none of the command's own flags. Pure.
 */
export function assignWords(parameters: Parameters, line: Line): Assigned {
  const entries = Object.entries(parameters);
  const texts = new Map<string, readonly string[]>();
  let open: Open = {
    flags: entries.filter(([, parameter]) => isFlag(parameter)),
    words: entries.filter(([, parameter]) => !isFlag(parameter)),
    flagsEnded: false,
  };
  for (let at = 0; at < line.tokens.length;) {
    const step = stepAt(line, at, open);
    switch (step.kind) {
      case 'help':
      case 'mistake':
        return step;
      case 'flags-end':
        open = { ...open, flagsEnded: true };
        at += 1;
        break;
      case 'give': {
        const [key, parameter] = step.to;
        const before = texts.get(key) ?? [];
        if (isFlag(parameter) && before.length > 0 && !parameter.repeats) {
          return mistaken({ what: `--${parameter.name} is given twice.` });
        }
        texts.set(key, [...before, step.text]);
        open = { ...open, words: wordsAfter(open.words, step.to) };
        at += step.tokens;
      }
    }
  }
  return { kind: 'assigned', texts };
}

type Entry = readonly [key: string, parameter: Parameter<unknown>];

/** What may still be given. */
interface Open {
  readonly flags: readonly Entry[];
  /** In order; the first ones are filled first. */
  readonly words: readonly Entry[];
  readonly flagsEnded: boolean;
}

type Step =
  | { readonly kind: 'give'; readonly to: Entry; readonly text: string; readonly tokens: number }
  | { readonly kind: 'flags-end' }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

/** What the token at a place of the line means, with those after it that belong to it. */
function stepAt(line: Line, at: number, open: Open): Step {
  const [token, next] = line.tokens.slice(at, at + 2) as [Token, Token?];
  if (!open.flagsEnded && token.bare && token.text === '--') return { kind: 'flags-end' };
  const named = open.flagsEnded ? undefined : flagOf(token);
  if (named?.name === 'help' || named?.name === 'h') return { kind: 'help' };
  const flag = named && open.flags.find(([, { name }]) => name === named.name);

  const [first] = open.words;
  if (first?.[1].place === 'line' && flag === undefined) {
    return {
      kind: 'give',
      to: first,
      text: lineFrom(line, at, open.flagsEnded),
      tokens: line.tokens.length - at,
    };
  }
  if (token.unclosed !== undefined) return notClosed(token);
  if (named === undefined) return wordStep(token, open);
  return flag === undefined ? mistaken(unknownFlag(named, open.flags)) : flagStep(named, flag, next);
}

function wordStep(token: Token, { words, flags }: Open): Step {
  const taker = takerOf(words, token.text);
  if (taker === undefined || !isLikely(taker[1], token.text)) {
    const meant = flagWithoutDashes(token.text, flags);
    if (meant !== undefined)
      return mistaken({ what: `${quote(token.text)} is not understood here.`, didYouMean: meant });
  }
  return taker === undefined
    ? mistaken({ what: `${quote(token.text)} is one word too many.` })
    : { kind: 'give', to: taker, text: token.text, tokens: 1 };
}

/** Whether a text is right for a word, or probably misspelt for it. */
function isLikely(word: Parameter<unknown>, text: string): boolean {
  return word.accepts(text) || closest(text, word.choices) !== undefined;
}

/** `dry`, `dryrun`, `-dry-run`: people leave dashes out, or type one where two are needed. */
function flagWithoutDashes(text: string, flags: readonly Entry[]): string | undefined {
  const plain = (word: string): string => word.toLowerCase().replaceAll('-', '');
  const wanted = plain(text);
  const meant = flags.find(([, { name }]) => wanted.length >= 3 && plain(name).startsWith(wanted));
  return meant && `--${meant[1].name}`;
}

function flagStep({ name, value }: NamedFlag, flag: Entry, next: Token | undefined): Step {
  const [, { place, shownAs }] = flag;
  if (place === 'switch') {
    return value === undefined
      ? { kind: 'give', to: flag, text: '', tokens: 1 }
      : mistaken({ what: `--${name} takes no value.` });
  }
  if (value !== undefined) return { kind: 'give', to: flag, text: value, tokens: 1 };
  if (next === undefined || (next.bare && next.text.startsWith('--'))) {
    return mistaken({ what: `--${name} needs a value: --${name} ${shownAs}.` });
  }
  return next.unclosed === undefined
    ? { kind: 'give', to: flag, text: next.text, tokens: 2 }
    : notClosed(next);
}

/**
 * Which of the words still open takes this text: the first that understands it, with optional ones left out on the
 * way; else the one for which it is probably misspelt.
 */
function takerOf(words: readonly Entry[], text: string): Entry | undefined {
  const firstNeeded = words.findIndex(([, { needed }]) => needed);
  const candidates = firstNeeded < 0 ? words : words.slice(0, firstNeeded + 1);
  return (
    candidates.find(([, parameter]) => parameter.accepts(text)) ??
    candidates.find(([, parameter]) => closest(text, parameter.choices) !== undefined) ??
    candidates[0]
  );
}

/** A word is filled once, and those before it are left out for good; a list of words stays open. */
function wordsAfter(words: readonly Entry[], taken: Entry): readonly Entry[] {
  const at = words.indexOf(taken);
  if (at < 0) return words;
  return words.slice(taken[1].place === 'words' ? at : at + 1);
}

interface NamedFlag {
  readonly name: string;
  readonly value: string | undefined;
}

/** `--name`, `--name=value`; also `-h`. Other words with one dash are words. */
function flagOf({ text, bare }: Token): NamedFlag | undefined {
  if (!bare) return undefined;
  const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(text) ?? /^-(h)$/.exec(text) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), value };
}

function isFlag({ place }: Parameter<unknown>): boolean {
  return place === 'flag' || place === 'switch';
}

/** `log "one quoted message"`: the quotes are not part of the message. After `--` everything is. */
function lineFrom({ text, tokens }: Line, at: number, flagsEnded: boolean): string {
  const token = tokens[at] as Token;
  const isQuotedWhole =
    !flagsEnded && !token.bare && token.unclosed === undefined && at === tokens.length - 1;
  return isQuotedWhole ? token.text : text.slice(token.start).trimEnd();
}

function notClosed({ unclosed }: Token): Step {
  return mistaken({ what: `The quote ${unclosed ?? ''} is opened and not closed.` });
}

function unknownFlag({ name }: NamedFlag, flags: readonly Entry[]): Mistake {
  const meant = closest(
    name,
    flags.map(([, parameter]) => parameter.name),
  );
  return { what: `There is no ${quote(`--${name}`)} here.`, ...(meant && { didYouMean: `--${meant}` }) };
}

function mistaken(mistake: Mistake): { readonly kind: 'mistake'; readonly mistake: Mistake } {
  return { kind: 'mistake', mistake };
}
