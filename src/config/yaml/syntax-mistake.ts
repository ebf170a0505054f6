import type { YAMLError } from 'yaml';
import type { ConfigMistake, Position } from '../mistake.js';

/**
 * A syntax error in words that quote nothing of the file: a line that cannot be read may hold anything, also a
 * password. The library's own words are used only for errors in which they are fixed. Pure.
 */
export function syntaxMistake(problem: YAMLError, at: Position): ConfigMistake {
  return { path: '', at, found: syntaxText(problem), expected: 'YAML that can be read' };
}

function syntaxText({ code, message }: YAMLError): string {
  switch (code) {
    case 'ALIAS_PROPS':
    case 'BAD_INDENT':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
    case 'KEY_OVER_1024_CHARS':
    case 'MISSING_CHAR':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'TAB_AS_INDENT':
      return message;
    case 'BAD_DIRECTIVE':
      return 'a directive that is not known';
    case 'BAD_DQ_ESCAPE':
      return 'an escape that is not known; in single quotes a backslash is only a backslash';
    case 'BAD_SCALAR_START':
      return 'a text that begins with a sign and is not in quotes';
    case 'TAG_RESOLVE_FAILED':
      return 'a tag that is not known';
    default:
      return 'something that has no place here';
  }
}
