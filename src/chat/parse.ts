import { oneLine } from '../domain/text.js';
import type { Command } from './command.js';
import { usage } from './grammar.js';
import { type Line, lineOf, lineOfWords } from './line.js';
import { type Mistake, quote } from './mistake.js';
import type { Registry } from './registry.js';

/** What a line asks for. */
export type Parsed =
  /** `args` are what the command's own grammar has read: they belong to this command only. */
  | { readonly kind: 'command'; readonly command: Command<unknown>; readonly args: unknown }
  /** `start --help`; without a command when the line was empty. */
  | { readonly kind: 'help'; readonly command: Command<unknown> | undefined }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

/** Characters of one line; what is longer was pasted by mistake. */
export const LONGEST_LINE = 4_000;

/**
 * A line of text, or words that a shell has cut already, to a command with its arguments. Control characters count
 * as spaces. Pure and total: any input of any length gets an answer.
 */
export function parse(
  input: string | readonly string[],
  registry: Pick<Registry, 'find' | 'suggest'>,
): Parsed {
  const length =
    typeof input === 'string' ? input.length : input.reduce((sum, word) => sum + word.length + 1, 0);
  if (length > LONGEST_LINE) {
    return mistaken({ what: `That line is too long: at most ${LONGEST_LINE} characters are read.` });
  }
  const line = typeof input === 'string' ? lineOf(oneLine(input)) : lineOfWords(input.map(oneLine));
  const [first, ...tokens] = line.tokens;
  if (first === undefined || (first.bare && /^(--help|-h|\?)$/.test(first.text)))
    return { kind: 'help', command: undefined };
  const command = registry.find(first.text);
  return command === undefined
    ? mistaken(unknownCommand(first.text, registry))
    : withArguments(command, { ...line, tokens });
}

function withArguments(command: Command<unknown>, line: Line): Parsed {
  const read = command.grammar.read(line);
  switch (read.kind) {
    case 'arguments':
      return { kind: 'command', command, args: read.args };
    case 'help':
      return { kind: 'help', command };
    case 'mistake':
      return mistaken({ ...read.mistake, usage: usage(command.words[0] ?? '', command.grammar) });
  }
}

function unknownCommand(word: string, registry: Pick<Registry, 'suggest'>): Mistake {
  const meant = registry.suggest(word);
  return {
    what: `There is no command ${quote(word)}; help lists them.`,
    ...(meant !== undefined && { didYouMean: meant }),
  };
}

function mistaken(mistake: Mistake): Parsed {
  return { kind: 'mistake', mistake };
}
