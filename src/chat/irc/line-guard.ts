import type { RawMessage } from 'irc-framework';

/** The lines that the library is shown, with the parameters that its handlers take for granted. */
const NEEDED: ReadonlyMap<string, number> = new Map([
  ['001', 1],
  ['005', 2],
  ['900', 3],
  ['901', 2],
  ['902', 2],
  ['903', 1],
  ['904', 1],
  ['905', 1],
  ['906', 1],
  ['ACCOUNT', 1],
  ['AUTHENTICATE', 1],
  ['CAP', 3],
  ['JOIN', 1],
  ['KICK', 2],
  ['NICK', 1],
  ['PART', 1],
  ['PING', 1],
  ['PONG', 1],
  ['QUIT', 0],
]);

/** Batches of lines that were said before: shown to a bot they would be said once more. */
const REPLAYS = ['chathistory', 'playback'];

/** Batches that are remembered; a server has a few open at a time. */
const MOST_BATCHES = 50;

export interface LineGuard {
  /** Whether the library may see it. */
  mayBeSeen(message: RawMessage): boolean;
  /** Whether it tells of something that was said before. */
  isReplayed(message: RawMessage): boolean;
}

/**
 * Judges the lines of the server before the library takes them apart: its handlers throw for a parameter that is not
 * there, and what is in a batch they keep for as long as it is open.
 */
export function openLineGuard(): LineGuard {
  const replays = new Set<string>();
  const openOrClose = ([name = '', type = '']: readonly string[]): void => {
    if (name.startsWith('-')) replays.delete(name.slice(1));
    else if (REPLAYS.some((replay) => type.includes(replay))) {
      const [oldest] = replays;
      if (replays.size >= MOST_BATCHES && oldest !== undefined) replays.delete(oldest);
      replays.add(name.slice(1));
    }
  };
  return {
    mayBeSeen({ command, params }) {
      if (command === 'BATCH') openOrClose(params);
      const needed = NEEDED.get(command);
      return needed !== undefined && params.length >= needed;
    },
    isReplayed: ({ tags }) => tags['batch'] !== undefined && replays.has(tags['batch']),
  };
}
