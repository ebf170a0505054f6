import { join } from 'node:path';
import { message, paragraph } from '../chat/message.js';
import type { TerminalChat } from '../chat/terminal/terminal-chat.js';
import type { Config } from '../config/config.js';
import { formatLength, isoSeconds } from '../domain/instant.js';
import type { House } from './house.js';
import { home } from './home.js';

export interface Greeted {
  readonly directory: string;
  readonly speed: number;
  readonly config: Config;
  readonly unixUser: string;
}

/** The first thing that somebody reads: what this is, what time it is there, who they are, what to type. */
export async function greet(
  terminal: TerminalChat,
  house: House,
  { directory, speed, config, unixUser }: Greeted,
): Promise<void> {
  const next = house.calendar.next(house.clock.now());
  const when =
    next === undefined
      ? ''
      : ` The next switchover is ${next.from} → ${next.to}, read-only from ${isoSeconds(next.mediawiki)}, in ${formatLength(next.mediawiki - house.clock.now())}.`;
  const practice = !house.practice.allowed
    ? []
    : house.world.simulation === undefined
      ? [
          paragraph(
            'Every server here is on this machine, so you may practise: ',
            { code: '/as NAME' },
            ' speaks as another person, ',
            { code: '/help' },
            ' lists what else there is. Time is real.',
          ),
        ]
      : [
          paragraph(
            'Everything here is simulated: nothing real can be touched. Simulated time runs at ',
            { strong: `${speed} ×` },
            ', and in real time around read-only and while a run waits for you. ',
            { code: '/as NAME' },
            ' speaks as another person, ',
            { code: '/help' },
            ' lists what else there is.',
          ),
        ];
  const me = house.directory.personOf({ kind: 'unix', user: unixUser });
  await terminal.send(
    home(config),
    message(
      'good',
      paragraph(
        { strong: 'switchdc' },
        ` is ready (data in ${join(directory, '.')}). It is ${isoSeconds(house.clock.now())}.${when}`,
      ),
      ...practice,
      paragraph(
        me === undefined
          ? 'You are not in the configuration, so you can look and not do. '
          : `You are ${me.name} (${me.roles.join(', ')}). `,
        { code: 'help' },
        ' shows the commands, ',
        { code: 'start --dry-run' },
        ' is a safe first one.',
      ),
    ),
    'greeting',
  );
}
