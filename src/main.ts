import { open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { calmLog } from './compose/calm-log.js';
import { openSession } from './compose/session.js';
import { runService } from './compose/service.js';
import { columnsOf } from './chat/terminal/columns-of.js';
import { coloursFor } from './chat/terminal/paint.js';
import { renderMessage } from './chat/terminal/render-message.js';
import type { Config } from './config/config.js';
import { loadConfig } from './config/load-config.js';
import { renderMistakes } from './config/render-mistakes.js';
import { systemClock } from './domain/clock.js';
import { oneLine } from './domain/text.js';
import { type OwnCommand, runCommandLine } from './service/command-line.js';
import type { CommandLineOptions } from './service/command-line-options.js';
import { dataDirectoryMistake } from './service/data-directory.js';
import { EXIT_CODES, type ExitCode } from './service/exit-codes.js';

/** The composition root of the command line and the service: reads the environment, nothing else does. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => {
      ended.abort(new Error(name));
    });
  const wall = systemClock();
  const unixUser = userInfo().username;
  const log = calmLog((text) => {
    process.stderr.write(`switchdc: ${oneLine(text)}\n`);
  }, wall);
  const loadFrom = (options: CommandLineOptions): ReturnType<typeof loadConfig> =>
    loadConfig({
      ...(options.config === undefined ? {} : { file: options.config }),
      unixUser,
      env: process.env,
      readFile: readAtMost,
    });
  const common = { wall, unixUser, pid: process.pid, log };
  const load = async (options: CommandLineOptions): Promise<Loaded> => {
    const loaded = await loadFrom(options);
    if (!loaded.ok) return { mistakes: renderMistakes(loaded.mistakes).split('\n') };
    const directory = resolve(options.data ?? loaded.config.dataDirectory);
    const mistake = dataDirectoryMistake(directory);
    return mistake === undefined
      ? { config: loaded.config, directory }
      : { mistakes: [`switchdc: ${mistake}`] };
  };

  const serve: OwnCommand = {
    word: 'serve',
    summary: 'run the service: the chat at this terminal, and the socket for other commands',
    example: 'serve --data ./data',
    async run(_words, options) {
      const loaded = await load(options);
      if ('mistakes' in loaded) {
        process.stderr.write(`${loaded.mistakes.join('\n')}\n`);
        return EXIT_CODES.mistake;
      }
      const { config, directory } = loaded;
      const because = await runService(
        {
          ...common,
          config,
          directory,
          input: process.stdin,
          output: process.stdout,
          noColor: process.env['NO_COLOR'],
          term: process.env['TERM'],
          speed: config.simulation.speed,
        },
        ended.signal,
      );
      if (because === undefined) return EXIT_CODES.ok;
      log(because);
      return EXIT_CODES.unavailable;
    },
  };
  const checkConfig: OwnCommand = {
    word: 'check-config',
    summary: 'read the configuration and tell every mistake in it',
    example: 'check-config --config switchdc.yaml',
    async run(words, options) {
      const file = options.config ?? words[0];
      const loaded = await loadFrom(file === undefined ? options : { ...options, config: file });
      if (!loaded.ok) {
        process.stderr.write(`${renderMistakes(loaded.mistakes)}\n`);
        return EXIT_CODES.mistake;
      }
      process.stdout.write(`${file ?? 'the embedded defaults'}: no mistakes\n`);
      return EXIT_CODES.ok;
    },
  };

  return runCommandLine(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    ownCommands: [serve, checkConfig],
    render: (message, stream) =>
      renderMessage(message, {
        width: process[stream].isTTY ? columnsOf(process[stream]) : Infinity,
        colours: coloursFor(process[stream], process.env['NO_COLOR']),
      }),
    async open(options) {
      const loaded = await load(options);
      if ('mistakes' in loaded) return loaded;
      const { config, directory } = loaded;
      return openSession({
        ...common,
        config,
        directory,
        speed: config.simulation.speed,
        signal: ended.signal,
      });
    },
  });
}

/** What a command line works with, or what is wrong with it, in lines. */
type Loaded =
  { readonly config: Config; readonly directory: string } | { readonly mistakes: readonly string[] };

async function readAtMost(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
