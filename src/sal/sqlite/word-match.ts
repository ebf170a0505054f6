/**
 * What is searched for, as the two questions that the database can answer: an expression for its full-text index, and
 * texts that must be contained literally.
 */
export interface WordMatch {
  /** Undefined when no word can be looked up in the index. */
  readonly expression: string | undefined;
  /** With ASCII letters in lower case, as SQLite's `lower` leaves a text. */
  readonly contained: readonly string[];
}

/** Scripts that put no space between words: the index knows whole runs of them only, so they are looked for in the text. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const INDEXED = /[\p{L}\p{N}\p{Co}]/u;

/**
 * People's words as a question to the index. Each is quoted whole, so nothing in it can be understood as an operator
 * of the query language; only a `*` at its very end is. Words that the index does not hold (`→`, an emoji) are looked
 * for in the text. Pure.
 */
export function wordMatch(words: readonly string[]): WordMatch {
  const indexed: string[] = [];
  const contained: string[] = [];
  for (const word of words.map((each) => each.replaceAll('\0', ' ').trim())) {
    const beginning = word.endsWith('*') ? word.replace(/\*+$/, '') : undefined;
    const text = beginning ?? word;
    if (text === '') continue;
    if (UNSPACED.test(text) || !INDEXED.test(text))
      contained.push(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
    else indexed.push(`"${text.replaceAll('"', '""')}"${beginning === undefined ? '' : '*'}`);
  }
  return { expression: indexed.length === 0 ? undefined : indexed.join(' AND '), contained };
}
