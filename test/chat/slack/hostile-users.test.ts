import { expect, test } from '@jest/globals';
import { message, paragraph } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { HostileHouse } from '../hostile-house.js';
import { hostileTexts } from '../hostile-lines.js';
import { hostileDeeds } from './hostile-people.js';
import { operationsChannel, shownText, type SlackWorld, withSlack } from './support.js';

const MANY = 750;

/** First so few at a time that the house looks into most of them, then so many that it must not. */
const SIZES = [...Array<number>(40).fill(100), ...Array<number>(8).fill(MANY)];

const question = message('warning', paragraph('Run 1 asks for an approval.'), {
  kind: 'choices',
  choices: [
    { label: 'Approve', command: 'approve 1' },
    { label: 'Deny', command: 'deny 1' },
    { label: 'Abort', command: 'abort 1 --reason enough' },
  ],
});

/** An operator, somebody who may only look, and five whom the house does not know, one of them called like an approver. */
function crowdOf({ slack }: SlackWorld) {
  return [
    slack.person('alice'),
    slack.person('victor'),
    slack.person('eve'),
    slack.person('gina', 'guest'),
    slack.person('bob', 'member', 'T0OTHER'),
    slack.person('relay', 'bot'),
    slack.person('mia', 'deactivated'),
  ];
}

/** Everything in what was sent that Slack would take for more than text: `<!channel>`, in whichever form. */
function calling(sent: Readonly<Record<string, unknown>>): readonly string[] {
  const text = JSON.stringify(sent['text']).replace(/<@U0[A-Z]+>/g, '');
  const blocks = typeof sent['blocks'] === 'string' ? sent['blocks'] : JSON.stringify(sent['blocks'] ?? []);
  const kinds = [...blocks.matchAll(/"type":"(broadcast|usergroup|channel|mrkdwn|color)"/g)];
  return [...(/[<>]/.test(text) ? [text] : []), ...kinds.map(([kind]) => kind)];
}

test(
  '10,000 deeds of people in Slack neither end the bot nor make it call a channel, and are answered no more often than is polite',
  () =>
    withSlack(async (world) => {
      const { slack, operations, troubles } = world;
      await using house = await HostileHouse.open('slack', (name) => ({
        kind: 'slack',
        team: slack.world.team,
        user: `U0${name.toUpperCase()}`,
      }));
      const { records } = house.full.files;
      const left = records.prepare('SELECT count(*) FROM slack_inbox WHERE handled = 0').pluck();
      await using chat = await world.openUnread({ database: records });
      await eventually(() => chat.connected(), 'Slack is connected');
      house.answers(chat);
      const asked = await chat.send(operationsChannel, question, 'question/1');
      const crowd = crowdOf(world);
      const erin = slack.person('erin');
      const elsewhere = slack.channel('elsewhere', 'public', false);
      const deeds = hostileDeeds(slack, {
        operations,
        elsewhere,
        question: slack.world.message(operations, asked.id)!,
      });
      const began = performance.now();

      const texts = hostileTexts(10_000);
      let from = 0;
      for (const [round, size] of SIZES.entries()) {
        if (size === MANY && SIZES[round - 1] !== MANY) house.countAnew();
        await house.pause();
        for (const [index, text] of texts.slice(from, from + size).entries())
          deeds[index % deeds.length]?.(
            crowd[Math.floor(index / deeds.length) % crowd.length]!,
            text,
            from + index,
          );
        from += size;
        erin.says(operations, `!switchdc so much ${from}`);
        // What could not be answered stays for the next process.
        await house.heardUntil(`!switchdc so much ${from}`, () => left.get() === house.notDelivered.length);
      }
      expect(from).toBe(texts.length);

      await house.pause();
      const { ts } = slack.person('alice').says(operations, '!switchdc status');
      const answer = () => slack.bySwitchdc(operations).find(({ threadTs }) => threadTs === ts);
      await eventually(() => answer() !== undefined, 'the operator is answered', 60_000);
      expect(shownText(answer()!)).toMatch(/run/i);

      const sent = slack.web.calls.filter(({ method }) => method.startsWith('chat.'));
      const whispers = sent.filter(({ method }) => method === 'chat.postEphemeral').length;
      // Where the bot is not, and where nothing is, nothing can be posted.
      const cannotPost = /^Slack refuses chat\.postMessage: (not_in_channel|channel_not_found) /;
      expect([...troubles, ...house.notDelivered].filter((text) => !cannotPost.test(text))).toEqual([]);
      expect(new Set(troubles).size).toBe(troubles.length);
      expect([house.full.troubles, slack.socket.hellos]).toEqual([[], 1]);
      expect(slack.responses.length).toBeGreaterThan(0);
      expect(sent.flatMap(({ args }) => calling(args))).toEqual([]);
      expect(slack.responses.flatMap(({ body }) => calling(body))).toEqual([]);
      // Whoever clicks what is not there is told three times, then once in 20 s.
      expect(whispers).toBeLessThanOrEqual(crowd.length * (3 + (performance.now() - began) / 20_000));
      for (const name of ['alice', 'victor', 'erin'])
        expect(house.answersTo(name)).toBeLessThanOrEqual(house.mostToOne());
      expect(house.answersTo('strangers')).toBeLessThanOrEqual(house.mostToStrangers());
      expect(await house.doers()).toEqual(['alice']);
    }),
  180_000,
);
