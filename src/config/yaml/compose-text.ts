import { Composer, type Document, type LineCounter, Lexer, type ParsedNode, Parser } from 'yaml';
import { LIMITS } from './limits.js';

export type ComposedText =
  | { readonly documents: readonly Document.Parsed[] }
  /** Where it was given up, and what is too much there. */
  | { readonly offset: number; readonly found: string; readonly expected: string };

/**
 * As the library's own `parseDocument`, with a look at what is open after each piece of text: deep nesting would end
 * the process (its regular expressions run out of memory, which no handler can catch), and many pieces take minutes.
 */
export function composeText(text: string, lines: LineCounter): ComposedText {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    lexemes += 1;
    if (parser.stack.length > LIMITS.depth)
      return {
        offset: parser.offset,
        found: 'too many levels',
        expected: `at most ${LIMITS.depth / 2} of them`,
      };
    if (lexemes > LIMITS.lexemes)
      return {
        offset: parser.offset,
        found: 'too many words',
        expected: `at most ${LIMITS.lexemes} words and signs`,
      };
  }
  tokens.push(...parser.end());
  const composer = new Composer<ParsedNode>({
    version: '1.2',
    // Kinds of values that have no place in a configuration, such as !!binary.
    resolveKnownTags: false,
    prettyErrors: false,
    // Compared by plainOf: here it takes a time that grows with the square of their number.
    uniqueKeys: false,
  });
  return { documents: [...composer.compose(tokens, false, text.length)] };
}
