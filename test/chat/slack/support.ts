import { slackMigrations } from '../../../src/chat/slack/inbox.js';
import { slackNeeds } from '../../../src/chat/slack/needs.js';
import type { SlackOptions, SlackTimes } from '../../../src/chat/slack/options.js';
import { openSlackChat, type SlackChat } from '../../../src/chat/slack/slack-chat.js';
import type { IncomingMessage } from '../../../src/chat/platform.js';
import { systemClock } from '../../../src/domain/clock.js';
import { openDatabase, type Sqlite } from '../../../src/storage/open-database.js';
import { SlackStandIn, type StandInOptions } from '../../../lab/slack/slack-stand-in.js';
import type { SlackMessage } from '../../../lab/slack/workspace.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A workspace, and what may be opened in it again and again as by one process after the other. */
export interface SlackWorld {
  readonly slack: SlackStandIn;
  readonly operations: string;
  readonly troubles: string[];
  /** One that nobody reads from yet. */
  openUnread(options?: Partial<SlackOptions>): Promise<SlackChat>;
  /** Everything that was opened is closed at the end. */
  open(options?: Partial<SlackOptions>): Promise<SlackHere>;
}

export interface SlackHere extends AsyncDisposable {
  readonly chat: SlackChat;
  readonly database: Sqlite;
  /** What was heard since it was opened. */
  readonly heard: readonly IncomingMessage[];
  /** The next line that is heard, of all that were not asked for before. */
  next(): Promise<IncomingMessage>;
  connected(): Promise<void>;
}

/** Times in which nothing is waited for longer than a test needs. */
export const quickTimes: Partial<SlackTimes> = {
  reconnectFirst: 20,
  reconnectAtMost: 100,
  editEvery: 200,
  connectWithin: 2_000,
  callWithin: 2_000,
  patience: 10_000,
};

export const fastPace = { burst: 1_000, reserve: 1, perSecond: 1_000 };

export const operationsChannel = { platform: 'slack', channel: '#operations' } as const;

export async function withSlack(
  test: (world: SlackWorld) => Promise<void>,
  standIn: Partial<StandInOptions> = {},
): Promise<void> {
  using folder = temporaryFolder();
  await using slack = await SlackStandIn.open({ scopes: slackNeeds.botScopes, ...standIn });
  const operations = slack.channel('operations');
  const troubles: string[] = [];
  const closings: (() => Promise<void>)[] = [];
  const stray: unknown[] = [];
  const note = (error: unknown): void => void stray.push(error);
  process.on('unhandledRejection', note);
  try {
    await test({
      slack,
      operations,
      troubles,
      async openUnread(options = {}) {
        const database = openDatabase(folder.file('slack.db'), slackMigrations);
        const chat = await openSlackChat(optionsFor(slack, operations, troubles, database, options));
        closings.push(async () => {
          await chat[Symbol.asyncDispose]();
          database.close();
        });
        return chat;
      },
      async open(options = {}) {
        const here = await openHere(folder.file('slack.db'), slack, operations, troubles, options);
        closings.push(async () => here[Symbol.asyncDispose]());
        return here;
      },
    });
  } finally {
    for (const close of closings) await close();
    process.off('unhandledRejection', note);
  }
  if (stray.length > 0) throw new Error('nobody caught this', { cause: stray[0] });
}

async function openHere(
  file: string,
  slack: SlackStandIn,
  operations: string,
  troubles: string[],
  options: Partial<SlackOptions>,
): Promise<SlackHere> {
  const database = openDatabase(file, slackMigrations);
  const chat = await openSlackChat(optionsFor(slack, operations, troubles, database, options));
  const heard: IncomingMessage[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const line of chat.incoming(stop.signal)) heard.push(line);
  })();
  let asked = 0;
  let isOpen = true;
  return {
    chat,
    database,
    heard,
    async next() {
      const index = asked;
      asked += 1;
      await eventually(() => heard.length > index, 'something is heard');
      return heard[index]!;
    },
    connected: () => eventually(() => chat.connected(), 'Slack is connected'),
    async [Symbol.asyncDispose]() {
      if (!isOpen) return;
      isOpen = false;
      stop.abort(new Error('the test is over'));
      await reading;
      await chat[Symbol.asyncDispose]();
      database.close();
    },
  };
}

function optionsFor(
  slack: SlackStandIn,
  operations: string,
  troubles: string[],
  database: Sqlite,
  options: Partial<SlackOptions>,
): SlackOptions {
  return {
    botToken: { reveal: () => slack.tokens.bot },
    appToken: { reveal: () => slack.tokens.app },
    apiUrl: slack.apiUrl,
    channels: [{ name: '#operations', id: operations }],
    prefix: '!switchdc',
    slashCommand: slackNeeds.slashCommand,
    database,
    clock: systemClock(),
    slackUserOf: (person) => (person === 'bob' ? 'U0BOB' : undefined),
    trouble: (text) => void troubles.push(text),
    postingPace: fastPace,
    editingPace: fastPace,
    ...options,
    times: { ...quickTimes, ...options.times },
  };
}

/** All that a message shows, without its form. */
export function shownText(message: SlackMessage): string {
  return message.blocks.map(textIn).join('\n');
}

function textIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(textIn).join('');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, one]) =>
      key === 'text' && typeof one === 'string' ? one : typeof one === 'object' ? textIn(one) : '',
    )
    .join('');
}
