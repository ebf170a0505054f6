import { checkText } from '../../../lab/slack/check-blocks.js';
import type { SlackPerson } from '../../../lab/slack/slack-person.js';
import type { SlackMessage } from '../../../lab/slack/workspace.js';
import { chatPlatformContract, type ChatUnderTest } from '../../contracts/chat-platform.contract.js';
import { shownText, withSlack } from './support.js';

chatPlatformContract('slack', (test) =>
  withSlack(async (world) => {
    const { slack, operations } = world;
    const chat = await world.openUnread();
    const alice = slack.person('alice');
    const guest = slack.person('guest', 'guest');
    const speaker = (person: SlackPerson, isKnown: boolean): ChatUnderTest['speakers'][number] => ({
      identity: isKnown ? { kind: 'slack', team: person.user.team, user: person.user.id } : undefined,
      async says(text) {
        person.says(operations, text);
      },
    });
    await test({
      chat,
      channel: { platform: 'slack', channel: '#operations' },
      speakers: [speaker(alice, true), speaker(guest, false)],
      seen: async () => slack.bySwitchdc(operations).map(shownText).join('\n'),
      harm: async () => slack.bySwitchdc(operations).flatMap(harmOf),
      takeDown: () => slack.down(),
    });
  }),
);

/** Whom a message notifies, and whatever Slack would not have taken. */
function harmOf({ text, blocks }: SlackMessage): readonly string[] {
  const called = JSON.stringify(blocks).match(/"type":"(user|usergroup|broadcast|channel|team)"/g) ?? [];
  return [...called, ...(text.match(/<[^>]*>?/g) ?? []), ...(checkText(text) === undefined ? [] : [text])];
}
