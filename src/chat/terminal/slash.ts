import { closest } from '../../domain/suggest.js';
import { listed } from '../../domain/text.js';
import { lineOf } from '../line.js';
import { list, type Message, message, paragraph, say } from '../message.js';
import { quote } from '../mistake.js';

/** What is typed at the prompt itself and never said in a channel: `/speed 60`, `/fault replication s4 stuck`. */
export interface SlashCommand {
  /** `/speed N`. */
  readonly usage: string;
  readonly means: string;
  /** Answers what to show, or nothing. May take its time: the next line is read after it. */
  run(words: readonly string[], signal: AbortSignal): Promise<Message | undefined>;
}

/** By name, without the slash. */
export type SlashCommands = ReadonlyMap<string, SlashCommand>;

/** Runs one line that begins with a slash. An unknown name is answered, not thrown. */
export async function runSlash(
  line: string,
  commands: SlashCommands,
  signal: AbortSignal,
): Promise<Message | undefined> {
  const [name = '', ...words] = lineOf(line.slice(1)).tokens.map(({ text }) => text);
  const command = commands.get(name.toLowerCase());
  if (command !== undefined) return command.run(words, signal);
  const meant = closest(name, commands.keys());
  const hint =
    meant === undefined
      ? [` There are ${listed([...commands.keys()].map((key) => `/${key}`))}.`]
      : [' Did you mean ', { code: `/${meant}` }, '?'];
  return message('warning', paragraph(`There is no ${quote(`/${name}`)} here.`, ...hint));
}

/** What people type to leave a program. */
const LEAVING: readonly string[] = ['exit', 'quit', 'logout', 'bye', ':q'];

/**
 * A hint for a line that lacks its slash, `as bob` or `exit`; undefined where its first word is a command's, as
 * `complete` knows them. Pure.
 */
export function withoutSlash(
  line: string,
  commands: SlashCommands,
  complete: (typed: string) => readonly string[],
): Message | undefined {
  const [first = '', ...words] = line.split(/\s+/);
  const word = first.toLowerCase();
  const name = LEAVING.includes(word) ? 'quit' : word;
  if (!commands.has(name) || complete(word).includes(`${word} `)) return undefined;
  return say(
    'Did you mean ',
    { code: [`/${name}`, ...words].join(' ') },
    '? What is for this prompt alone begins with a slash.',
  );
}

/** `/help`: one line for each. */
export function slashHelp(commands: SlashCommands): Message {
  const lines = [...commands.values()].map(({ usage, means }) => [{ code: usage }, `: ${means}`]);
  return lines.length === 0 ? say('There are no practice commands here.') : message('plain', list(...lines));
}
