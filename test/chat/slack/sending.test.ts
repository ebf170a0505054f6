import { describe, expect, test } from '@jest/globals';
import { NotSent, SentUnknown } from '../../../src/chat/errors.js';
import { list, message, paragraph, say } from '../../../src/chat/message.js';
import { instant } from '../../../src/domain/instant.js';
import { eventually } from '../../support/eventually.js';
import { operationsChannel, shownText, type SlackHere, type SlackWorld, withSlack } from './support.js';

const sending = (sentence: string, run: (world: SlackWorld, here: SlackHere) => Promise<void>): void =>
  test(sentence, () =>
    withSlack(async (world) => {
      const here = await world.open();
      await here.connected();
      await run(world, here);
    }),
  );

describe('where an answer goes', () => {
  sending('below what was said', async ({ slack, operations }, here) => {
    const said = slack.person('alice').says(operations, '!switchdc next');
    const heard = await here.next();
    await here.chat.send(heard.from, say('on Monday'), `reply/slack/${heard.id}`);
    expect(slack.bySwitchdc(operations)).toMatchObject([{ threadTs: said.ts, broadcast: false }]);
  });

  sending('to the channel too when it asks something of everybody', async ({ slack, operations }, here) => {
    slack.person('alice').says(operations, '!switchdc start');
    const heard = await here.next();
    const asks = message('plain', {
      kind: 'choices',
      choices: [{ label: 'Approve', command: 'approve 41' }],
    });
    await here.chat.send(heard.from, asks, `reply/slack/${heard.id}`);
    expect(slack.bySwitchdc(operations)).toMatchObject([{ broadcast: true }]);
  });

  sending('to the caller alone where the bot is not in the channel', async ({ slack }, here) => {
    const elsewhere = slack.channel('elsewhere', 'public', false);
    slack.person('alice').commands(elsewhere, '/switchdc', 'next');
    const heard = await here.next();
    await here.chat.send(heard.from, say('on Monday'), `reply/slack/${heard.id}`);
    expect(slack.responses).toMatchObject([
      { user: 'U0ALICE', body: { response_type: 'ephemeral', text: 'on Monday' } },
    ]);
  });

  sending('to no other address than those of Slack', async ({ slack }, here) => {
    const elsewhere = slack.channel('elsewhere', 'public', false);
    const trap = {
      type: 'slash_commands',
      payload: { command: '/switchdc', text: 'next', team_id: 'T0FARM' },
    } as const;
    slack.person('alice');
    slack.socket.deliver({
      ...trap,
      payload: {
        ...trap.payload,
        user_id: 'U0ALICE',
        channel_id: elsewhere,
        trigger_id: 'Tr1',
        // Somebody else's address, at which there is somebody who would take it.
        response_url: slack.origin.replace('127.0.0.1', 'localhost') + '/commands/U0ALICE',
      },
    });
    const heard = await here.next();
    const answer = here.chat.send(heard.from, say('x'), `reply/slack/${heard.id}`);
    await expect(answer).rejects.toThrow('not_in_channel');
    expect(slack.responses).toEqual([]);
  });

  sending('below another message of ours, and to the channel where that is wanted', async (world, here) => {
    const { slack, operations } = world;
    const root = await here.chat.send(operationsChannel, say('run 41'), 'run/41');
    const detail = await here.chat.send(operationsChannel, say('task 1'), 'run/41/1', {
      message: root,
      broadcast: false,
    });
    // Below a message that is itself in a thread: Slack takes only the first one as the parent.
    await here.chat.send(operationsChannel, say('phase 1'), 'run/41/2', { message: detail, broadcast: true });
    expect(slack.bySwitchdc(operations).slice(1)).toMatchObject([
      { threadTs: root.id, broadcast: false },
      { threadTs: root.id, broadcast: true },
    ]);
    const found = await here.chat.findSent(operationsChannel, 'run/41/1', instant(0));
    expect(found).toEqual(detail);
  });

  sending('to one person alone', async ({ slack }, here) => {
    const bob = slack.person('bob');
    const direct = await here.chat.directTo({ kind: 'slack', team: 'T0FARM', user: 'U0BOB' });
    await here.chat.send(direct!, say('you are asked for'), 'direct/bob');
    expect(slack.bySwitchdc(slack.directWith(bob))).toHaveLength(1);
    expect(await here.chat.directTo({ kind: 'slack', team: 'T0OTHER', user: 'U0BOB' })).toBeUndefined();
    expect(await here.chat.directTo({ kind: 'irc', account: 'bob' })).toBeUndefined();
  });

  sending('into several messages where one would be too long', async ({ slack, operations }, here) => {
    const items = Array.from({ length: 300 }, (_, index) => [`item ${index} ${'x'.repeat(100)}`]);
    const ref = await here.chat.send(operationsChannel, message('plain', list(...items)), 'long');
    const [first, ...others] = slack.bySwitchdc(operations);
    expect(first?.ts).toBe(ref.id);
    expect(others.length).toBeGreaterThan(1);
    for (const { threadTs } of others) expect(threadTs).toBe(ref.id);
    const all = slack.bySwitchdc(operations).map(shownText).join('');
    for (const [item] of items) expect(all).toContain(item);
    await here.chat.revise(ref, message('plain', list(...items)));
    expect(shownText(slack.world.message(operations, ref.id)!)).toContain('… and more.');
  });
});

describe('what is known of a message', () => {
  sending('not sent, where Slack says no, with what to do about it', async ({ troubles }, here) => {
    const wrong = { platform: 'slack', channel: 'C0WRONG' } as const;
    await expect(here.chat.send(wrong, say('x'), 'k')).rejects.toBeInstanceOf(NotSent);
    expect(troubles.join()).toContain('channel_not_found (the id of the channel is wrong');
  });

  sending('unknown, where the answer was lost; and found when it is looked for', async ({ slack }, here) => {
    slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'no-answer', obeyed: true } });
    await expect(here.chat.send(operationsChannel, say('x'), 'key/1')).rejects.toBeInstanceOf(SentUnknown);
    expect(await here.chat.findSent(operationsChannel, 'key/1', instant(Date.now()))).toBeDefined();
    slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'no-answer', obeyed: false } });
    await expect(here.chat.send(operationsChannel, say('x'), 'key/2')).rejects.toBeInstanceOf(SentUnknown);
    expect(await here.chat.findSent(operationsChannel, 'key/2', instant(Date.now()))).toBeUndefined();
  });

  for (const code of ['internal_error', 'fatal_error'])
    sending(`unknown, where Slack says ${code}`, async ({ slack }, here) => {
      slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'refusal', code } });
      await expect(here.chat.send(operationsChannel, say('x'), 'k')).rejects.toBeInstanceOf(SentUnknown);
    });

  sending('unknown, where something between us and Slack answers', async ({ slack }, here) => {
    slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'status', status: 502 } });
    await expect(here.chat.send(operationsChannel, say('x'), 'k')).rejects.toBeInstanceOf(SentUnknown);
    expect(slack.web.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
  });

  sending(
    'found on whatever page it is, and only where a bot wrote it',
    async ({ slack, operations }, here) => {
      const ref = await here.chat.send(operationsChannel, say('early'), 'early');
      for (let count = 0; count < 450; count += 1) slack.person('alice').says(operations, 'chatter');
      slack.world.add(operations, {
        user: 'U0EVE',
        byBot: false,
        threadTs: undefined,
        broadcast: false,
        text: 'x',
        blocks: [],
        metadata: { event_type: 'switchdc_delivery', event_payload: { key: 'never', part: 1 } },
      });
      expect(await here.chat.findSent(operationsChannel, 'early', instant(0))).toEqual(ref);
      expect(await here.chat.findSent(operationsChannel, 'never', instant(0))).toBeUndefined();
    },
  );

  test('not sent, where a scope is missing, with the name of the manifest', () =>
    withSlack(
      async (world) => {
        const { chat } = await world.open();
        await expect(chat.send(operationsChannel, say('x'), 'k')).rejects.toThrow('missing_scope');
        expect(world.troubles.join()).toContain('docs/slack-app-manifest.yaml');
      },
      { scopes: [] },
    ));
});

describe('at the rate limits', () => {
  const progress = (done: number): ReturnType<typeof message> =>
    message('plain', { kind: 'progress', label: 'Phase 3', done, of: 10 });

  sending('a message waits as long as Slack says, and is sent once', async ({ slack, operations }, here) => {
    slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'rate-limit', retryAfter: 1 } });
    await here.chat.send(operationsChannel, say('x'), 'k');
    expect(slack.bySwitchdc(operations)).toHaveLength(1);
    const [refused, taken] = slack.web.calls.filter(({ method }) => method === 'chat.postMessage');
    expect(taken!.at - refused!.at).toBeGreaterThanOrEqual(950);
  });

  test('a message that would wait for too long is not sent', () =>
    withSlack(async ({ slack, open }) => {
      const { chat } = await open({ times: { patience: 500 } });
      slack.web.expect({
        method: 'chat.postMessage',
        times: 1,
        with: { kind: 'rate-limit', retryAfter: 30 },
      });
      await expect(chat.send(operationsChannel, say('x'), 'k')).rejects.toBeInstanceOf(NotSent);
    }));

  sending('progress that has to wait holds up no alarm, no answer and no question', async (world, here) => {
    const { slack, operations } = world;
    const ref = await here.chat.send(operationsChannel, progress(0), 'run/41');
    slack.person('alice').says(operations, '!switchdc status');
    const heard = await here.next();
    slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'rate-limit', retryAfter: 3 } });
    slack.web.expect({ method: 'chat.update', times: 1, with: { kind: 'rate-limit', retryAfter: 3 } });
    const slow = [
      here.chat.send(operationsChannel, say('task 7'), 'line'),
      here.chat.revise(ref, progress(1)),
    ];
    await eventually(
      () => slack.web.calls.filter(({ answered }) => answered === 'ratelimited').length === 2,
      'both have to wait',
    );
    const began = performance.now();
    await here.chat.send(operationsChannel, message('alarm', paragraph('replication broke')), 'alarm');
    await here.chat.send(heard.from, say('running'), `reply/slack/${heard.id}`);
    const question = message('plain', { kind: 'choices', choices: [{ label: 'GO', command: 'go 41' }] });
    await here.chat.send(operationsChannel, question, 'question');
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(slack.bySwitchdc(operations).map(shownText).join()).not.toContain('task 7');
    await Promise.all(slow);
    expect(slack.bySwitchdc(operations).map(shownText).join()).toContain('task 7');
  });

  test('200 lines of progress stay within one a second, and an alarm is not behind them', () =>
    withSlack(async ({ slack, operations, open }) => {
      const here = await open({ postingPace: { burst: 4, reserve: 2, perSecond: 1 } });
      const lines = Array.from({ length: 200 }, (_, index) =>
        here.chat.send(operationsChannel, say(`line ${index}`), `line/${index}`).catch(() => undefined),
      );
      await eventually(() => slack.bySwitchdc(operations).length > 0, 'the first line');
      const began = performance.now();
      await here.chat.send(operationsChannel, message('alarm', paragraph('now')), 'alarm');
      // Less than the next line of progress waits for its turn.
      expect(performance.now() - began).toBeLessThan(700);
      expect(slack.bySwitchdc(operations).length).toBeLessThan(8);
      await here[Symbol.asyncDispose]();
      await Promise.all(lines);
    }));

  sending('of many edits only the newest are made', async ({ slack, operations }, here) => {
    const ref = await here.chat.send(operationsChannel, progress(0), 'run/41');
    await Promise.all(Array.from({ length: 100 }, (_, index) => here.chat.revise(ref, progress(index / 10))));
    const [shown] = slack.bySwitchdc(operations);
    expect(shown!.before.length).toBeLessThan(4);
    expect(shownText(shown!)).toContain('9.9/10');
  });

  sending('edits of progress keep their distance', async ({ slack }, here) => {
    const ref = await here.chat.send(operationsChannel, progress(0), 'run/41');
    for (const done of [1, 2, 3]) await here.chat.revise(ref, progress(done));
    const times = slack.web.calls.filter(({ method }) => method === 'chat.update').map(({ at }) => at);
    expect(times[2]! - times[0]!).toBeGreaterThanOrEqual(2 * 200 - 20);
  });

  sending('an edit that has to wait is replaced by a newer one', async ({ slack, operations }, here) => {
    const ref = await here.chat.send(operationsChannel, progress(0), 'run/41');
    slack.web.expect({ method: 'chat.update', times: 1, with: { kind: 'rate-limit', retryAfter: 1 } });
    const first = here.chat.revise(ref, progress(1));
    await eventually(
      () => slack.web.calls.some(({ answered }) => answered === 'ratelimited'),
      'it has to wait',
    );
    await Promise.all([first, here.chat.revise(ref, progress(2))]);
    const updates = slack.web.calls.filter(
      ({ method, answered }) => method === 'chat.update' && answered === 'ok',
    );
    expect(updates).toHaveLength(1);
    expect(shownText(slack.bySwitchdc(operations)[0]!)).toContain('2/10');
  });

  test('what settles a message does not wait for the next edit of progress', () =>
    withSlack(async ({ slack, operations, open }) => {
      const here = await open({ times: { editEvery: 20_000 } });
      const ref = await here.chat.send(operationsChannel, progress(0), 'run/41');
      await here.chat.revise(ref, progress(1));
      const waiting = here.chat.revise(ref, progress(2));
      const began = performance.now();
      await here.chat.revise(ref, say('PASS'));
      await waiting;
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(shownText(slack.bySwitchdc(operations)[0]!)).toBe('PASS');
      // Nor does it wait for its own distance to the edit before.
      await here.chat.revise(ref, say('PASS, and read'));
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(shownText(slack.bySwitchdc(operations)[0]!)).toBe('PASS, and read');
    }));
});
