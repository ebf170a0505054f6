import type { Json } from '../domain/json.js';
import type { Command } from './command.js';
import { nameOf, usage } from './grammar.js';
import { list, type Message, message, paragraph } from './message.js';

/** Everything about one command: how it is written, what each argument means, an example that works. Pure. */
export function commandHelp(command: Command<unknown>): Message {
  const [name = '', ...others] = command.words;
  const also = others.length === 0 ? [] : [` Also: ${others.join(', ')}.`];
  const who =
    command.requires === 'anyone'
      ? []
      : [` You need a role that may ${command.requires}: `, { command: 'whoami' }, ' shows what yours may.'];
  const parameters = command.grammar.parameters.map((parameter) => [
    { strong: nameOf(parameter) },
    `: ${parameter.means}${parameter.choices.length > 0 ? ` (${parameter.choices.join(', ')})` : ''}`,
  ]);
  return message(
    'plain',
    paragraph({ strong: name }, `: ${command.summary}.`, ...also, ...who),
    paragraph('Usage: ', { command: usage(name, command.grammar) }),
    ...(parameters.length === 0 ? [] : [list(...parameters)]),
    paragraph('Example: ', { command: command.example }),
  );
}

/** The same for a machine. Pure. */
export function commandHelpJson(command: Command<unknown>): Json {
  return {
    words: command.words,
    summary: command.summary,
    usage: usage(command.words[0] ?? '', command.grammar),
    example: command.example,
    requires: command.requires,
    writes: command.writes,
    parameters: command.grammar.parameters.map((parameter) => ({
      name: nameOf(parameter),
      means: parameter.means,
      needed: parameter.needed,
      choices: parameter.choices,
    })),
  };
}
