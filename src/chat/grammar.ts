import { closest } from '../domain/suggest.js';
import type { Line } from './line.js';
import { type Mistake, quote } from './mistake.js';
import type { Parameter } from './parameter.js';
import { type Parameters, assignWords } from './assign-words.js';

export type Arguments<Args> =
  | { readonly kind: 'arguments'; readonly args: Args }
  /** `--help` was among the words. */
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

/** What a command understands after its name: one declaration for chat, the command line and every help text. */
export interface Grammar<Args> {
  /** In the order in which they are shown; words are read in this order. */
  readonly parameters: readonly Parameter<unknown>[];
  /** Pure and total. */
  read(line: Line): Arguments<Args>;
}

export type ArgsOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/**
 * `grammar({ run: required({ name: 'RUN', … }), dryRun: toggle({ name: 'dry-run', … }) })`: the keys name the fields of
 * the arguments, whose types follow from the parameters.
 */
export function grammar<P extends Parameters>(parameters: P): Grammar<ArgsOf<P>> {
  return {
    parameters: Object.values(parameters),
    read(line) {
      const assigned = assignWords(parameters, line);
      if (assigned.kind !== 'assigned') return assigned;
      const args: Record<string, unknown> = {};
      for (const [key, parameter] of Object.entries(parameters)) {
        const texts = assigned.texts.get(key) ?? [];
        if (parameter.needed && texts.length === 0) return missing(parameter);
        const reading = parameter.read(texts);
        if (!reading.ok) return misread(parameter, reading.given, reading.expected);
        args[key] = reading.value;
      }
      const alone = withoutNext(parameters, assigned.texts);
      // Each key holds what its own parameter has read, which is what ArgsOf says.
      return alone ?? { kind: 'arguments', args: args as ArgsOf<P> };
    },
  };
}

/** A grammar without arguments. */
export const noArguments: Grammar<object> = grammar<Parameters>({});

/** `start [RUNBOOK] [FROM TO] --task T12345 [--dry-run]`; the rest of a line comes last. Pure. */
export function usage(word: string, grammar: Pick<Grammar<unknown>, 'parameters'>): string {
  const parameters = [
    ...grammar.parameters.filter(({ place }) => place !== 'line'),
    ...grammar.parameters.filter(({ place }) => place === 'line'),
  ];
  const shown = parameters.map((parameter, index) => {
    const opens = parameter.withNext ? '[' : '';
    const closes = parameters[index - 1]?.withNext === true ? ']' : '';
    const alone = opens === '' && closes === '' && !parameter.needed;
    const name = nameOf(parameter) + (parameter.place === 'flag' ? ` ${parameter.shownAs}` : '');
    return `${opens}${alone ? `[${name}]` : name}${closes}`;
  });
  return [word, ...shown].join(' ');
}

/** How a parameter is called where people read: `RUN`, `WORDS…`, `--task`. */
export function nameOf({ place, name }: Parameter<unknown>): string {
  switch (place) {
    case 'word':
    case 'line':
      return name;
    case 'words':
      return `${name}…`;
    case 'switch':
    case 'flag':
      return `--${name}`;
  }
}

function missing(parameter: Parameter<unknown>): Arguments<never> {
  return mistaken({ what: `${nameOf(parameter)} is missing: ${parameter.means}.` });
}

function misread(parameter: Parameter<unknown>, given: string, expected: string): Arguments<never> {
  const meant = closest(given, parameter.choices);
  return mistaken({
    what: `${quote(given)} is not right for ${nameOf(parameter)}: expected ${expected}.`,
    ...(meant !== undefined && { didYouMean: meant }),
  });
}

function withoutNext(
  parameters: Parameters,
  texts: ReadonlyMap<string, readonly string[]>,
): Arguments<never> | undefined {
  const entries = Object.entries(parameters);
  for (const [index, [key, parameter]] of entries.entries()) {
    const next = entries[index + 1];
    if (!parameter.withNext || next === undefined || texts.has(key) === texts.has(next[0])) continue;
    return mistaken({ what: `${parameter.name} and ${next[1].name} are given together or not at all.` });
  }
  return undefined;
}

function mistaken(mistake: Mistake): Arguments<never> {
  return { kind: 'mistake', mistake };
}
