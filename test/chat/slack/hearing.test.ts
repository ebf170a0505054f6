import { describe, expect, test } from '@jest/globals';
import { message, paragraph } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { operationsChannel, shownText, type SlackHere, type SlackWorld, withSlack } from './support.js';

const inSlack = (sentence: string, run: (world: SlackWorld, here: SlackHere) => Promise<void>): void =>
  test(sentence, () =>
    withSlack(async (world) => {
      const here = await world.open();
      await here.connected();
      await run(world, here);
    }),
  );

/** Lets something that is certainly heard come last: what was said before and is not heard was refused. */
async function heardUntilNow({ slack, operations }: SlackWorld, here: SlackHere): Promise<readonly string[]> {
  slack.person('last').says(operations, '!switchdc last');
  await eventually(() => here.heard.some(({ text }) => text === '!switchdc last'), 'the last line is heard');
  return here.heard.map(({ text }) => text).filter((text) => text !== '!switchdc last');
}

describe('a line is heard', () => {
  inSlack('with the prefix, with who said it where', async ({ slack, operations }, here) => {
    const said = slack.person('alice').says(operations, '!switchdc next');
    expect(await here.next()).toMatchObject({
      from: operationsChannel,
      sender: { kind: 'slack', team: 'T0FARM', user: 'U0ALICE' },
      calledThere: 'alice',
      text: '!switchdc next',
      id: `${operations}/${said.ts}`,
      at: Math.round(Number(said.ts) * 1_000),
    });
  });

  inSlack('when it is for the log, as it was typed', async ({ slack, operations }, here) => {
    slack
      .person('alice')
      .says(operations, '!log restart &lt;db1&gt; &amp; see <https://wiki.test/x|wiki.test/x>, <@U0BOB>');
    expect((await here.next()).text).toBe('!log restart <db1> & see wiki.test/x, @U0BOB');
  });

  inSlack('once when the bot is mentioned, though two events tell of it', async (world, here) => {
    world.slack.person('alice').mentions(world.operations, 'status 41');
    expect(await heardUntilNow(world, here)).toEqual(['!switchdc status 41']);
  });

  inSlack('in a thread, where slash commands do not work', async ({ slack, operations }, here) => {
    const alice = slack.person('alice');
    const { ts } = alice.says(operations, 'what about next week?');
    alice.mentions(operations, 'next', { thread: ts });
    const heard = await here.next();
    await here.chat.send(heard.from, message('plain', paragraph('on Monday')), `reply/slack/${heard.id}`);
    expect(slack.bySwitchdc(operations)).toMatchObject([{ threadTs: ts, broadcast: false }]);
  });

  inSlack('also when it is shown to the channel from a thread', async ({ slack, operations }, here) => {
    const alice = slack.person('alice');
    const { ts } = alice.says(operations, 'hm');
    alice.says(operations, '!switchdc go 41', { thread: ts, as: { subtype: 'thread_broadcast' } });
    expect((await here.next()).text).toBe('!switchdc go 41');
  });

  inSlack('without the prefix in a conversation of two', async ({ slack }, here) => {
    const alice = slack.person('alice');
    const direct = slack.directWith(alice);
    alice.says(direct, 'help start');
    const heard = await here.next();
    expect(heard).toMatchObject({ text: '!switchdc help start', from: { channel: direct } });
    await here.chat.send(heard.from, message('plain', paragraph('like this')), `reply/slack/${heard.id}`);
    expect(slack.bySwitchdc(direct)).toMatchObject([{ threadTs: undefined }]);
  });

  inSlack('as a slash command, which the channel is shown', async ({ slack, operations }, here) => {
    const sent = slack.person('alice').commands(operations, '/switchdc', 'approve 41 &amp; more');
    expect(await here.next()).toMatchObject({ text: '!switchdc approve 41 & more', from: operationsChannel });
    await eventually(() => sent.acknowledged, 'the command is acknowledged');
    expect(sent.answer).toEqual({ response_type: 'in_channel' });
  });

  inSlack('within three seconds of acknowledgement, however slow answers are', async (world) => {
    await using quiet = await world.openUnread();
    await eventually(() => world.slack.socket.connected > 1, 'a second socket that nobody reads from');
    const sent = world.slack.person('alice').says(world.operations, '!switchdc next');
    await eventually(() => sent.acknowledged, 'it is acknowledged although nobody takes it up', 3_000);
    // Not only when Slack brought it again.
    expect(sent.attempts).toBe(1);
    expect(quiet.connected()).toBe(true);
  });
});

describe('a line is not heard', () => {
  const refused: readonly [string, Readonly<Record<string, unknown>>][] = [
    ['of another bot', { bot_id: 'B0OTHER' }],
    ['of an app', { app_id: 'A0OTHER', bot_profile: { id: 'B0OTHER' } }],
    ['of the bot itself', { user: 'U0BOT' }],
    ['of Slackbot', { user: 'USLACKBOT' }],
    ['that was edited', { edited: { user: 'U0ALICE', ts: '1.1' } }],
    ['that is hidden', { hidden: true }],
    ['of a bot by its kind', { subtype: 'bot_message' }],
    ['that comes with a file', { subtype: 'file_share' }],
    ['that somebody said of themselves', { subtype: 'me_message' }],
  ];
  for (const [what, as] of refused)
    inSlack(what, async (world, here) => {
      world.slack.person('alice').says(world.operations, '!switchdc go 41', { as });
      expect(await heardUntilNow(world, here)).toEqual([]);
    });

  inSlack('when an earlier one is edited into it', async (world, here) => {
    const alice = world.slack.person('alice');
    const { ts } = alice.says(world.operations, 'nothing');
    alice.edits(world.operations, ts, '!switchdc go 41');
    expect(await heardUntilNow(world, here)).toEqual([]);
  });

  inSlack('among people', async (world, here) => {
    const alice = world.slack.person('alice');
    alice.says(world.operations, 'hello');
    alice.says(world.operations, 'ask <@U0BOT> for the next one');
    alice.says(world.operations, '<@U0BOB> status');
    alice.says(world.operations, '!switchdcs');
    expect(await heardUntilNow(world, here)).toEqual([]);
  });

  inSlack('of a user who is a program, though the message does not say so', async (world, here) => {
    world.slack.person('relay', 'bot').says(world.operations, '!switchdc go 41');
    expect(await heardUntilNow(world, here)).toEqual([]);
  });
});

describe('nobody is vouched for', () => {
  for (const kind of ['guest', 'single-channel-guest', 'stranger', 'deactivated'] as const)
    inSlack(`who is a ${kind}`, async ({ slack, operations }, here) => {
      slack.person('eve', kind).says(operations, '!switchdc approve 41');
      expect((await here.next()).sender).toBeUndefined();
    });

  inSlack(
    'who belongs to another workspace, whatever they are called',
    async ({ slack, operations }, here) => {
      const eve = slack.person('alice', 'member', 'T0OTHER');
      eve.says(operations, '!switchdc approve 41');
      expect((await here.next()).sender).toBeUndefined();
      eve.commands(operations, '/switchdc', 'approve 41');
      expect((await here.next()).sender).toBeUndefined();
    },
  );

  inSlack(
    'who says that they are of this workspace while Slack says otherwise',
    async ({ slack, operations }, here) => {
      slack.person('eve', 'member', 'T0OTHER').says(operations, '!switchdc go', { as: { team: 'T0FARM' } });
      expect((await here.next()).sender).toBeUndefined();
    },
  );

  inSlack('while Slack cannot be asked, and it is told', async ({ slack, operations, troubles }, here) => {
    slack.web.expect({ method: 'users.info', times: 1, with: { kind: 'status', status: 503 } });
    const alice = slack.person('alice');
    alice.says(operations, '!switchdc approve 41');
    expect((await here.next()).sender).toBeUndefined();
    expect(troubles.join()).toContain('T0FARM/U0ALICE');
    alice.says(operations, '!switchdc approve 41');
    expect((await here.next()).sender).toBeDefined();
  });
});

describe('a button', () => {
  const asked = message('warning', paragraph('Run 41 asks for an approval.'), {
    kind: 'choices',
    choices: [
      { label: 'Approve', command: 'approve 41' },
      { label: 'Deny', command: 'deny 41' },
    ],
  });

  inSlack('is its command, said by whoever clicks it', async ({ slack, operations }, here) => {
    const { id } = await here.chat.send(operationsChannel, asked, 'question/41');
    const sent = slack.person('bob').clicks(operations, id, 'Approve');
    expect(await here.next()).toMatchObject({
      text: '!switchdc approve 41',
      sender: { user: 'U0BOB' },
      from: operationsChannel,
    });
    await eventually(() => sent.acknowledged, 'the click is acknowledged');
  });

  inSlack('carries nothing that could be made up', async ({ slack, operations }, here) => {
    const { id } = await here.chat.send(operationsChannel, asked, 'question/41');
    const question = slack.world.message(operations, id)!;
    expect(JSON.stringify(question.blocks)).not.toContain('approve 41');
    const eve = slack.person('eve');
    const sent = eve.clicksRaw(operations, question, { action_id: 'choice-0', value: 'approve 41' });
    await eventually(
      () =>
        slack.web.calls.some(
          ({ method, args }) => method === 'chat.postEphemeral' && args['user'] === 'U0EVE',
        ),
      'the clicker is told that the button is not known',
    );
    expect(sent.acknowledged).toBe(true);
    expect(here.heard).toEqual([]);
  });

  inSlack('asks Slack anew who the clicker is', async ({ slack, operations }, here) => {
    const { id } = await here.chat.send(operationsChannel, asked, 'question/41');
    const bob = slack.person('bob');
    bob.says(operations, '!switchdc status');
    expect((await here.next()).sender).toBeDefined();
    slack.world.addUser('bob', 'deactivated');
    bob.clicks(operations, id, 'Approve');
    expect((await here.next()).sender).toBeUndefined();
  });

  inSlack(
    'asks Slack only so often about somebody who clicks and clicks',
    async ({ slack, operations }, here) => {
      const { id } = await here.chat.send(operationsChannel, asked, 'question/41');
      const bob = slack.person('bob');
      for (let click = 0; click < 40; click += 1) bob.clicks(operations, id, 'Approve');
      for (let click = 0; click < 40; click += 1) expect((await here.next()).sender).toBeDefined();
      const questions = slack.web.calls.filter(({ method }) => method === 'users.info');
      expect(questions.length).toBeGreaterThan(0);
      expect(questions.length).toBeLessThan(20);
    },
  );

  inSlack(
    'is answered below its message, and gone once that is settled',
    async ({ slack, operations }, here) => {
      const ref = await here.chat.send(operationsChannel, asked, 'question/41');
      slack.person('bob').clicks(operations, ref.id, 'Approve');
      const heard = await here.next();
      await here.chat.send(heard.from, message('plain', paragraph('Noted.')), `reply/slack/${heard.id}`);
      await here.chat.revise(
        ref,
        message('good', paragraph('Approved by ', { mention: 'bob' as never }, ' and carol.')),
      );
      const [question, answer] = slack.bySwitchdc(operations);
      expect(answer?.threadTs).toBe(ref.id);
      expect(shownText(question!)).toContain('Approved by');
      expect(JSON.stringify(question?.blocks)).toContain('"user_id":"U0BOB"');
      expect(question?.blocks.some(({ type }) => type === 'actions')).toBe(false);
    },
  );

  test('still works after a restart', () =>
    withSlack(async (world) => {
      const before = await world.open();
      const ref = await before.chat.send(operationsChannel, asked, 'question/41');
      await before[Symbol.asyncDispose]();
      const after = await world.open();
      await after.connected();
      world.slack.person('bob').clicks(world.operations, ref.id, 'Deny');
      expect((await after.next()).text).toBe('!switchdc deny 41');
    }));
});
