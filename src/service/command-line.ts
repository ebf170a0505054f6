/**
 * One command from a shell: the same commands as in chat, in the same grammar, and an exit code for scripts.
 *
 * What was asked for goes to stdout, everything else to stderr; `--json` prints the reply's data and nothing more.
 */
import type { Writable } from 'node:stream';
import type { Command, Reply } from '../chat/command.js';
import { commandHelp, commandHelpJson } from '../chat/command-help.js';
import type { Message } from '../chat/message.js';
import { parse } from '../chat/parse.js';
import type { Registry } from '../chat/registry.js';
import { answered, mistaken } from '../chat/reply.js';
import { explainError, SwitchdcError } from '../domain/errors.js';
import { closest } from '../domain/suggest.js';
import { oneLine } from '../domain/text.js';
import { type CommandLineOptions, readCommandLine } from './command-line-options.js';
import { generalHelp } from './general-help.js';
import { EXIT_CODES, type ExitCode, exitCodeOfReply, exitCodeOfRun } from './exit-codes.js';
import { jsonText } from './json-text.js';
import type { Followed } from './socket-server.js';
import { openTextOutput, type TextOutput } from './text-output.js';

/** A command that exists on the command line only, such as `serve`. */
export interface OwnCommand {
  readonly word: string;
  readonly summary: string;
  /** A whole line that works, without the program: `serve --data ./data`. */
  readonly example: string;
  /** Words after its own; prints for itself. */
  run(words: readonly string[], options: CommandLineOptions): Promise<ExitCode>;
}

/** A command that its grammar has understood. */
export interface Invocation {
  readonly command: Command<unknown>;
  /** As they were typed, general flags taken out. */
  readonly words: readonly string[];
  readonly as: string | undefined;
}

export interface Executed {
  readonly reply: Reply;
  /** What is said about the run that the command started; followed to its end, which decides the exit code. */
  readonly followed?: AsyncIterable<Followed>;
}

/** What a command needs: opened when its words have been cut, closed when it has been answered. */
export interface Session extends AsyncDisposable {
  readonly registry: Registry;
  /** Through the socket where a service runs, else in this process. */
  execute(invocation: Invocation): Promise<Executed>;
}

export interface CommandLineParts {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly ownCommands: readonly OwnCommand[];
  /** The lines of a message, as they look on that stream. */
  render(message: Message, stream: 'stdout' | 'stderr'): readonly string[];
  /** Reads the configuration; mistakes in it are lines of text. */
  open(options: CommandLineOptions): Promise<Session | { readonly mistakes: readonly string[] }>;
}

/** Runs one command line, `argv` without the program. Never rejects; nobody reading stdout is not an error. */
export async function runCommandLine(argv: readonly string[], parts: CommandLineParts): Promise<ExitCode> {
  const output = { out: openTextOutput(parts.stdout), err: openTextOutput(parts.stderr) };
  try {
    const reading = readCommandLine(argv);
    if (!reading.ok) return await print(mistaken(reading.mistake), 'text', parts, output);
    return await runOptions(reading.options, parts, output);
  } catch (error) {
    const explained = `switchdc: ${oneLine(explainError(error))}`;
    // A full disk under both streams leaves nobody to tell.
    await output.err.write([explained]).catch(() => undefined);
    return error instanceof SwitchdcError && error.retry === 'safe'
      ? EXIT_CODES.unavailable
      : EXIT_CODES.internal;
  }
}

interface Output {
  readonly out: TextOutput;
  readonly err: TextOutput;
}

async function runOptions(
  options: CommandLineOptions,
  parts: CommandLineParts,
  output: Output,
): Promise<ExitCode> {
  const [first, ...words] = options.words;
  if (first === undefined || first === '--help' || first === '-h') {
    await output.out.write(parts.render(generalHelp(parts.ownCommands), 'stdout'));
    return EXIT_CODES.ok;
  }
  const own = parts.ownCommands.find(({ word }) => word === first);
  if (own !== undefined) return runOwn(own, words, options, parts, output);

  const session = await parts.open(options);
  if ('mistakes' in session) {
    await output.err.write(session.mistakes);
    return EXIT_CODES.mistake;
  }
  try {
    return await runCommand(options, session, parts, output);
  } finally {
    await session[Symbol.asyncDispose]();
  }
}

async function runOwn(
  own: OwnCommand,
  words: readonly string[],
  options: CommandLineOptions,
  parts: CommandLineParts,
  output: Output,
): Promise<ExitCode> {
  if (!words.includes('--help') && !words.includes('-h')) return own.run(words, options);
  await output.out.write(parts.render(generalHelp([own]), 'stdout'));
  return EXIT_CODES.ok;
}

async function runCommand(
  options: CommandLineOptions,
  session: Session,
  parts: CommandLineParts,
  output: Output,
): Promise<ExitCode> {
  const parsed = parse(options.words, withOwnWords(session.registry, parts.ownCommands));
  switch (parsed.kind) {
    case 'mistake':
      return print(mistaken(parsed.mistake), options.output, parts, output);
    case 'help': {
      const shown =
        parsed.command === undefined ? generalHelp(parts.ownCommands) : commandHelp(parsed.command);
      const data = parsed.command === undefined ? null : commandHelpJson(parsed.command);
      return print(answered(shown, data), options.output, parts, output);
    }
    case 'command': {
      const executed = await session.execute({
        command: parsed.command,
        words: options.words,
        as: options.as,
      });
      const code = await print(executed.reply, options.output, parts, output);
      if (code !== EXIT_CODES.ok || executed.followed === undefined) return code;
      return followToEnd(executed.followed, options.output, parts, output);
    }
  }
}

/** Prints a reply: what was asked for to stdout, in the form that was asked for; everything else to stderr. */
async function print(
  reply: Reply,
  form: CommandLineOptions['output'],
  parts: CommandLineParts,
  { out, err }: Output,
): Promise<ExitCode> {
  if (reply.status !== 'ok') await err.write(parts.render(reply.message, 'stderr'));
  else if (form === 'json') await out.write([jsonText(reply.data)]);
  else await out.write(parts.render(reply.message, 'stdout'));
  return exitCodeOfReply(reply.status);
}

/** With `--json` the run is followed in silence: its end is the exit code. */
async function followToEnd(
  followed: AsyncIterable<Followed>,
  form: CommandLineOptions['output'],
  parts: CommandLineParts,
  { out, err }: Output,
): Promise<ExitCode> {
  for await (const item of followed) {
    if (item.kind === 'end') return exitCodeOfRun(item.result);
    if (form === 'text') await out.write(parts.render(item.message, 'stdout'));
    if (out.gone.aborted) return EXIT_CODES.ok;
  }
  await err.write(['switchdc: stopped. The run has not ended: `switchdc resume` goes on with it.']);
  return EXIT_CODES.unavailable;
}

/** Own commands are suggested as well when something near them is typed. */
function withOwnWords(registry: Registry, own: readonly OwnCommand[]): Pick<Registry, 'find' | 'suggest'> {
  const words = own.map(({ word }) => word);
  return {
    find: (word) => registry.find(word),
    suggest: (word) => closest(word, words) ?? registry.suggest(word),
  };
}
