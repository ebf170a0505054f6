import { knownAs } from '../access/known-as.js';
import { openIrcChat } from '../chat/irc/irc-chat.js';
import type { ChatPlatform, PlatformName } from '../chat/platform.js';
import { openSlackChat } from '../chat/slack/slack-chat.js';
import { sqliteOutbox } from '../chat/sqlite/sqlite-outbox.js';
import type { Config } from '../config/config.js';
import { DAY, instant } from '../domain/instant.js';
import type { Sqlite } from '../storage/open-database.js';
import type { House } from './house.js';

/** Nobody practises one run for longer; simulated instants are nowhere on the wall's clock. */
const PRACTISED_FOR = 7 * DAY;

export interface ChatParts {
  readonly house: House;
  readonly records: Sqlite;
  /** What people should know of a chat: a login that is refused, a connection that cannot be made. */
  readonly trouble: (chat: PlatformName, text: string) => void;
}

/**
 * Opens the chats that some destination is on, besides the terminal. Each resolves at once and connects behind that, for
 * ever; on simulated time too they live on the wall's.
 */
export async function openChats({ house, records, trouble }: ChatParts): Promise<readonly ChatPlatform[]> {
  const { config, wall } = house;
  const { irc, slack } = config.chatConnections;
  const known = knownAs(house.directory);
  const chats: ChatPlatform[] = [];
  if (irc !== undefined)
    chats.push(
      await openIrcChat({
        ...irc,
        channels: channelsOn(config, 'irc'),
        prefix: config.chat.prefix,
        accountOf: (person) => known.ircAccountOf(person),
        outbox: sqliteOutbox(records),
        clock: wall,
        trouble: (text) => trouble('irc', text),
      }),
    );
  if (slack !== undefined)
    chats.push(
      await openSlackChat({
        ...slack,
        prefix: config.chat.prefix,
        database: records,
        clock: wall,
        ...(house.world.simulation === undefined
          ? {}
          : { onThisClock: () => instant(wall.now() - PRACTISED_FOR) }),
        slackUserOf: (person) => known.slackUserOf(person),
        trouble: (text) => trouble('slack', text),
      }),
    );
  return chats;
}

function channelsOn({ chat }: Config, platform: PlatformName): string[] {
  return chat.destinations.flatMap((one) => (one.platform === platform ? [one.channel] : []));
}
