import type { Millis } from '../../domain/instant.js';
import type { HostCommand } from '../hosts.js';
import { UnsendableCommand } from './errors.js';

/** Linux passes no argument longer than 128 KiB, and the whole line is one argument of the login shell. */
const LONGEST_LINE = 120 * 1024;

/** How much longer than we do a host waits itself, until it ends a command that writes. */
const HOST_WAITS_LONGER: Millis = 5_000;

/** Becomes the command that the environment holds, without it. */
const FROM_ENVIRONMENT = 'run=$SWITCHDC_RUN; unset SWITCHDC_RUN; eval "exec $run"';

/**
 * The line that a host's login shell (any POSIX shell) is given. It says the mark and the number of the command's process
 * group first, by which it can be ended, and what a start-up file says before that is not the command's output. The
 * shell then becomes the command. One that writes becomes it through `timeout`: nothing then writes for longer than it
 * may, even where nobody is connected any more to end it. What `timeout` itself was called with does not show the command:
 * `pkill --full PATTERN` would find, and end, the very process that it runs under. Throws UnsendableCommand. Pure.
 */
export function remoteLine(command: HostCommand, mark: string): string {
  const seconds = Math.ceil((command.timeout + HOST_WAITS_LONGER) / 1_000);
  const words = quoteArguments(command);
  const become =
    command.effect === 'writes'
      ? `export SWITCHDC_RUN=${quoted(words)}; exec timeout -s KILL -- ${seconds} /bin/sh -c ${quoted(FROM_ENVIRONMENT)}`
      : `exec ${words}`;
  const line = `printf '%s %s\\n' ${mark} "$$"; ${become}`;
  if (Buffer.byteLength(line) > LONGEST_LINE)
    throw new UnsendableCommand(`${command.name} is longer than a host takes (${LONGEST_LINE} bytes)`);
  return line;
}

function quoteArguments({ name, argv }: HostCommand): string {
  const [program = ''] = argv;
  // `exec` would take it for an option of its own, and not every shell knows `exec --`.
  if (program === '' || program.startsWith('-'))
    throw new UnsendableCommand(`${name}: "${program}" is no program`);
  return argv
    .map((argument) => {
      if (argument.includes('\0') || Buffer.from(argument).toString() !== argument)
        throw new UnsendableCommand(`${name}: an argument has a character that no argument can have`);
      return quoted(argument);
    })
    .join(' ');
}

/** In single quotes, in which a POSIX shell gives no character a meaning. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Ends a process group and waits until it is gone: asked first, by force after a second. Exits 1 where something is left
 * after that. Pure.
 */
export function endGroupLine(group: number): string {
  const signal = (name: string): string => `kill -s ${name} -- -${group} 2>/dev/null`;
  const wait = `n=$((n+1)); [ $n -eq 50 ] && ${signal('KILL')}; [ $n -ge 70 ] && exit 1; sleep 0.02`;
  return `${signal('TERM')}; n=0; while ${signal('0')}; do ${wait}; done; exit 0`;
}
