/** One word of a line as somebody typed it. */
export interface Token {
  /** Without its quotes and backslashes. */
  readonly text: string;
  /** Began without a quote or a backslash, so that it may be a flag. */
  readonly bare: boolean;
  /** Where it begins and ends in the line's text, quotes included. */
  readonly start: number;
  readonly end: number;
  /** The quote that was opened and never closed. */
  readonly unclosed?: string;
}

/** What was typed, and its words. */
export interface Line {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/**
 * Closing quotes of each opening one. Phones and text processors turn straight quotes into typographic ones.
 * ’ is an apostrophe too: it closes only before white space or the end.
 */
const CLOSING: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '“”"',
  '”': '“”"',
  '„': '“”"',
  '‘': '’',
  '’': '’',
};

/** `--` becomes one long dash on a phone. */
const LONG_DASH = /^[—–]{1,2}(?=\p{L}|$)/u;

const BEFORE_A_QUOTED_VALUE = /^(--|[—–]{1,2})[\p{L}\d-]+=$/u;

/**
 * Cuts a text into words. A quote opens only at the start of a word or right after `--flag=`: people type `don't`.
 * A backslash makes the next character an ordinary one, except inside straight single quotes. Pure; never fails.
 */
export function lineOf(text: string): Line {
  const tokens: Token[] = [];
  for (let at = afterSpace(text, 0); at < text.length;) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = afterSpace(text, token.end);
  }
  return { text, tokens };
}

/** Words that something else has cut already, such as a shell. */
export function lineOfWords(words: readonly string[]): Line {
  let start = 0;
  const tokens = words.map((word): Token => {
    const token = { text: withStraightDashes(word), bare: true, start, end: start + word.length };
    start = token.end + 1;
    return token;
  });
  return { text: words.join(' '), tokens };
}

/** A spelling of the word that `lineOf` reads back as one word that is no flag. */
export function quoted(word: string): string {
  return /^[\p{L}\d_./:,=@+][\p{L}\d_./:,=@+-]*$/u.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}

function tokenAt(text: string, start: number): Token {
  let word = '';
  let quote: string | undefined;
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === undefined && /\s/.test(char)) break;
    const startsAPart = (): boolean =>
      at === start || (word.length === at - start && BEFORE_A_QUOTED_VALUE.test(word));
    if (quote === undefined && CLOSING[char] !== undefined && startsAPart()) quote = char;
    else if (quote !== undefined && closes(quote, text, at)) quote = undefined;
    else if (char === '\\' && quote !== "'" && at + 1 < text.length) {
      at += 1;
      word += text.charAt(at);
    } else word += char;
  }
  const first = text.charAt(start);
  const bare = first !== '\\' && CLOSING[first] === undefined;
  const token = { text: bare ? withStraightDashes(word) : word, bare, start, end: at };
  return quote === undefined ? token : { ...token, unclosed: quote };
}

function closes(quote: string, text: string, at: number): boolean {
  if (CLOSING[quote]?.includes(text.charAt(at)) !== true) return false;
  return CLOSING[quote] !== '’' || at + 1 === text.length || /\s/.test(text.charAt(at + 1));
}

function withStraightDashes(word: string): string {
  return word.replace(LONG_DASH, '--');
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}
