import type { Command } from './command.js';
import { nameOf } from './grammar.js';
import type { Registry } from './registry.js';

/**
 * The whole lines that the beginning of one may become: the names of commands, then flags and the words that an
 * argument may be. Pure.
 */
export function completions(typed: string, registry: Pick<Registry, 'commands' | 'find'>): readonly string[] {
  const [, before = '', last = ''] = /^(.*?)(\S*)$/s.exec(typed) ?? [];
  const name = before.trim().split(/\s+/)[0] ?? '';
  const words =
    name === '' ? registry.commands.flatMap((command) => command.words) : argumentsOf(registry.find(name));
  return words.filter((word) => word.startsWith(last.toLowerCase())).map((word) => `${before}${word} `);
}

function argumentsOf(command: Command<unknown> | undefined): readonly string[] {
  const parameters = command?.grammar.parameters ?? [];
  return [
    ...new Set(
      parameters.flatMap((parameter) =>
        parameter.place === 'flag' || parameter.place === 'switch' ? [nameOf(parameter)] : parameter.choices,
      ),
    ),
  ];
}
