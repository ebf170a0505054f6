import type { SlackPerson } from '../../../lab/slack/slack-person.js';
import type { SlackStandIn } from '../../../lab/slack/slack-stand-in.js';
import type { SlackMessage } from '../../../lab/slack/workspace.js';

/** What somebody does in Slack, with a text that means no good. */
type Deed = (who: SlackPerson, text: string, index: number) => void;

/** Fields with which Slack marks what no person has just said. */
const MARKS: readonly Readonly<Record<string, unknown>>[] = [
  { bot_id: 'B0OTHER' },
  { app_id: 'A0OTHER', bot_profile: { id: 'B0OTHER' } },
  { user: 'U0BOT' },
  { edited: { user: 'U0ALICE', ts: '1.1' } },
  { hidden: true },
  { subtype: 'bot_message' },
  { subtype: 'message_deleted', deleted_ts: '1.1' },
  { user: undefined },
  { text: null },
  { ts: 'no time' },
  { team: 'T0OTHER' },
  { channel: '../../etc' },
  { thread_ts: '1.1' },
  { blocks: [{ type: 'rich_text', elements: [{ type: 'broadcast', range: 'channel' }] }] },
];

/** Frames that no Slack would send. */
const FRAMES: readonly unknown[] = [
  ...[null, 1, 'text', [], {}, { type: 'hello' }, { type: 'events_api' }, { envelope_id: {}, type: [] }],
  { envelope_id: 'x', type: 'events_api', payload: null },
  { envelope_id: 'x', type: 'events_api', payload: { type: 'event_callback' } },
  { envelope_id: 'x', type: 'events_api', payload: { type: 'event_callback', event: { type: 'message' } } },
  { envelope_id: 'x', type: 'interactive', payload: { type: 'block_actions', actions: [] } },
  { envelope_id: 'x', type: 'interactive', payload: { type: 'view_submission', view: { blocks: 1 } } },
  { envelope_id: 'x', type: 'slash_commands', payload: { command: '/switchdc' } },
  { envelope_id: 'x', type: '__proto__', payload: { __proto__: 1 } },
];

/** Values of buttons that were never made. */
const VALUES = ['', 'approve 1', '__proto__', '<!channel>', '\u0000', 'x'.repeat(2_000), "' OR 1=1 --"];

export interface Places {
  readonly operations: string;
  /** Where the bot is not. */
  readonly elsewhere: string;
  /** A message of the bot's with buttons. */
  readonly question: SlackMessage;
}

/** Everything that people can do to the bot, one after the other. */
export function hostileDeeds(
  slack: SlackStandIn,
  { operations, elsewhere, question }: Places,
): readonly Deed[] {
  const says: Deed = (who, text) => void who.says(operations, text);
  const labels = ['Approve', 'Deny', 'Abort'];
  return [
    says,
    says,
    says,
    (who, text) => void who.mentions(operations, text),
    (who, text) => void who.says(operations, `<@U0BOT> <!channel> ${text}`, { thread: question.ts }),
    (who, text) => void who.says(slack.directWith(who), text),
    (who, text) => void who.commands(operations, '/switchdc', text.replace(/^!switchdc /, '')),
    (who, text, index) =>
      void who.commands(elsewhere, index % 2 === 0 ? '/other' : '/switchdc', text.replace(/^!switchdc /, '')),
    (who, _, index) => void who.clicks(operations, question.ts, labels[index % labels.length] ?? ''),
    (who, _, index) =>
      void who.clicksRaw(operations, question, {
        action_id: `choice-${index}`,
        value: VALUES[index % VALUES.length] ?? '',
      }),
    (who, text) => void who.edits(operations, question.ts, text),
    (who, text, index) => void who.says(operations, text, { as: MARKS[index % MARKS.length] ?? {} }),
    (who, text, index) => void who.says(operations, `${text} ${'<!here> & '.repeat(index % 4_000)}`),
    (_, text, index) => {
      const frame = FRAMES[index % (FRAMES.length + 1)];
      slack.socket.raw(frame === undefined ? text : JSON.stringify(frame));
    },
  ];
}
