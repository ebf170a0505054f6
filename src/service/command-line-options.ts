import type { Mistake } from '../chat/mistake.js';

/** What stands in a command line besides the command itself. */
export interface CommandLineOptions {
  /** The command and its arguments, `--help` among them. */
  readonly words: readonly string[];
  readonly output: 'text' | 'json';
  /** Whom the caller speaks for, for practice. */
  readonly as?: string;
  /** Data directory instead of the configured one. */
  readonly data?: string;
  /** Configuration file instead of the embedded defaults. */
  readonly config?: string;
}

export type CommandLineReading =
  | { readonly ok: true; readonly options: CommandLineOptions }
  | { readonly ok: false; readonly mistake: Mistake };

/** For `--help`: each flag that every command has. */
export const GENERAL_FLAGS: readonly { readonly usage: string; readonly means: string }[] = [
  { usage: '--json', means: 'print what a program can read' },
  { usage: '--data DIR', means: 'the data directory' },
  { usage: '--config FILE', means: 'the configuration' },
  { usage: '--as NAME', means: 'speak as another person, for practice' },
  { usage: '--help', means: 'how the command is written, with an example' },
];

const WITH_VALUE: readonly string[] = ['as', 'data', 'config'];

/**
 * Takes the general flags out of a command line, wherever they stand before `--`; what is left are the words of the
 * command. Pure.
 */
export function readCommandLine(argv: readonly string[]): CommandLineReading {
  const words: string[] = [];
  const values: Record<string, string> = {};
  let output: 'text' | 'json' = 'text';
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') {
      words.push(...argv.slice(at));
      break;
    }
    const [, name = '', value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (word === '--json') output = 'json';
    else if (!WITH_VALUE.includes(name)) words.push(word);
    else {
      const next = argv[at + 1];
      const given = value ?? (next?.startsWith('--') === true ? undefined : next);
      at += value === undefined ? 1 : 0;
      if (given === undefined || given === '')
        return { ok: false, mistake: { what: `--${name} needs a value.` } };
      if (name in values) return { ok: false, mistake: { what: `--${name} is given twice.` } };
      values[name] = given;
    }
  }
  return { ok: true, options: { words, output, ...values } };
}
