import { say } from '../message.js';
import { mistaken } from '../reply.js';
import { type SlashCommand, type SlashCommands, slashHelp } from './slash.js';
import type { Voice } from './voice.js';

/** The slash commands of the terminal itself; `others` are listed by `/help` as well. */
export function ownSlashCommands(voice: Voice, quit: AbortController, others: SlashCommands): SlashCommands {
  const own: SlashCommands = new Map<string, SlashCommand>([
    [
      'as',
      {
        usage: '/as [NAME]',
        means: 'speak as another person, for practice; without a name as yourself again',
        async run([name]) {
          if (name === undefined) voice.speakAsOneself();
          const mistake = name === undefined ? undefined : voice.speakFor(name);
          if (mistake !== undefined) return mistaken(mistake).message;
          return say('You speak as ', { strong: voice.name() }, voice.practising() ? ', for practice.' : '.');
        },
      },
    ],
    [
      'help',
      {
        usage: '/help',
        means: 'list what can be typed with a slash',
        run: () => Promise.resolve(slashHelp(new Map([...own, ...others]))),
      },
    ],
    [
      'quit',
      {
        usage: '/quit',
        means: 'leave',
        async run() {
          quit.abort(new Error('quit'));
          return undefined;
        },
      },
    ],
  ]);
  return own;
}
