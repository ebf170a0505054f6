import type { Config } from '../config/config.js';

/** Where what is typed at the terminal is said: its channel that has a project. */
export function home({ chat }: Config): { platform: 'terminal'; channel: string } {
  return {
    platform: 'terminal',
    channel:
      chat.destinations.find(({ platform, project }) => platform === 'terminal' && project !== undefined)
        ?.channel ?? '#operations',
  };
}
