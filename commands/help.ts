import type { Command, Reply } from '../src/chat/command.js';
import { commandHelp, commandHelpJson } from '../src/chat/command-help.js';
import { grammar, type Grammar } from '../src/chat/grammar.js';
import { list, message, paragraph } from '../src/chat/message.js';
import { optional } from '../src/chat/parameter.js';
import { quote } from '../src/chat/mistake.js';
import type { Registry } from '../src/chat/registry.js';
import { answered, notFound } from '../src/chat/reply.js';
import { anyText } from '../src/chat/value.js';

/** Where somebody stands who asks for help. A command that is named nowhere is listed at the end. */
const SITUATIONS: readonly { readonly title: string; readonly words: readonly string[] }[] = [
  { title: 'What is coming', words: ['next', 'dates', 'plan'] },
  { title: 'Ask for a run', words: ['start', 'approve', 'deny'] },
  { title: 'While it runs', words: ['status', 'why', 'explain', 'go', 'nogo', 'done'] },
  { title: 'When it is stuck', words: ['hold', 'resume', 'retry', 'skip', 'abort', 'take'] },
  { title: 'The record', words: ['runs', 'report', 'log', 'sal'] },
];

interface HelpArgs {
  readonly command: string | undefined;
}

/** `registry` is asked at the call: help is one of the commands that it lists. */
export function helpCommand(registry: () => Registry): Command<HelpArgs> {
  const helpGrammar: Grammar<HelpArgs> = grammar({
    command: optional({ name: 'COMMAND', means: 'which one to explain', value: anyText() }),
  });
  return {
    words: ['help'],
    tried: ['man', 'usage', 'commands', 'please', 'how', 'hello', 'hi'],
    summary: 'what you can do, and how a command is written',
    example: 'help next',
    requires: 'anyone',
    writes: false,
    grammar: helpGrammar,
    run: ({ command }) =>
      Promise.resolve(command === undefined ? overview(registry()) : explained(command, registry())),
  };
}

/** A few lines: a channel is no place for a manual. */
function overview({ commands }: Registry): Reply {
  const names = commands.map(({ words }) => words[0] ?? '');
  const placed = SITUATIONS.flatMap(({ words }) => words);
  const groups = [
    ...SITUATIONS,
    { title: 'Also', words: names.filter((name) => !placed.includes(name)) },
  ].map(({ title, words }) => ({ title, words: words.filter((word) => names.includes(word)) }));
  const lines = groups
    .filter(({ words }) => words.length > 0)
    .map(({ title, words }) => [{ strong: title }, `: ${words.join(', ')}`]);
  return answered(
    message('plain', list(...lines), paragraph({ command: 'help COMMAND' }, ' tells more, with an example.')),
    commands.map(commandHelpJson),
  );
}

function explained(word: string, registry: Registry): Reply {
  const command = registry.find(word);
  if (command !== undefined) return answered(commandHelp(command), commandHelpJson(command));
  const meant = registry.suggest(word);
  const where =
    meant === undefined ? [{ command: 'help' }, ' lists all.'] : ['Did you mean ', { command: meant }, '?'];
  return notFound(`there is no command ${quote(word)}`, ...where);
}
