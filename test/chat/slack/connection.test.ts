import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backoff } from '../../../src/chat/backoff.js';
import { slackTimes } from '../../../src/chat/slack/options.js';
import { eventually } from '../../support/eventually.js';
import { type SlackHere, type SlackWorld, withSlack } from './support.js';

/** The chat works in both directions. */
async function hears({ slack, operations }: SlackWorld, here: SlackHere): Promise<void> {
  const { length } = here.heard;
  slack.person('alice').says(operations, `!switchdc next ${length}`);
  await eventually(() => here.heard.length > length, 'what is said is heard');
}

describe('the connection comes back', () => {
  test('after a first one that fails, and it was told', () =>
    withSlack(async (world) => {
      await world.slack.down();
      const here = await world.open();
      await eventually(() => world.troubles.length > 0, 'it is told');
      expect(world.troubles[0]).toContain('ECONNREFUSED');
      await world.slack.up();
      await here.connected();
      await hears(world, here);
    }));

  test('after every way of losing it, again and again', () =>
    withSlack(async (world) => {
      const { slack } = world;
      const here = await world.open();
      await here.connected();
      const ways: readonly (() => void | Promise<void>)[] = [
        () => slack.socket.cut(),
        async () => {
          await slack.down();
          await slack.up();
        },
        () =>
          slack.web.expect({
            method: 'apps.connections.open',
            times: 3,
            with: { kind: 'status', status: 500 },
          }),
        () =>
          slack.web.expect({
            method: 'apps.connections.open',
            times: 2,
            with: { kind: 'refusal', code: 'invalid_auth' },
          }),
        () =>
          slack.web.expect({
            method: 'apps.connections.open',
            times: 2,
            with: { kind: 'rate-limit', retryAfter: 1 },
          }),
        () =>
          slack.web.expect({
            method: 'apps.connections.open',
            times: 2,
            with: { kind: 'no-answer', obeyed: false },
          }),
      ];
      for (const lose of ways) {
        await lose();
        slack.socket.cut();
        const { hellos } = slack.socket;
        await eventually(() => slack.socket.hellos > hellos && here.chat.connected(), 'a new socket');
        await hears(world, here);
      }
      expect(world.troubles.join()).toContain('invalid_auth (the token is wrong or was revoked');
    }));

  test('at once when Slack renews it, without a trouble and without a loss', () =>
    withSlack(
      async (world) => {
        const { slack, operations } = world;
        const here = await world.open();
        await here.connected();
        const began = performance.now();
        for (const reason of ['refresh_requested', 'warning'] as const) {
          const { hellos } = slack.socket;
          slack.socket.refresh(reason);
          slack.person('alice').says(operations, `!switchdc next ${reason}`);
          await eventually(() => slack.socket.hellos > hellos, 'a new socket');
        }
        // The library alone would leave five seconds each time.
        expect(performance.now() - began).toBeLessThan(4_000);
        await eventually(() => here.heard.length === 2, 'both lines');
        expect(world.troubles).toEqual([]);
      },
      { times: { ackWithin: 200, again: [0, 100, 100] } },
    ));

  test('after Socket Mode was switched off and on again, and it was told', () =>
    withSlack(async (world) => {
      const here = await world.open();
      await here.connected();
      const { hellos } = world.slack.socket;
      world.slack.socket.refresh('link_disabled');
      await eventually(() => world.slack.socket.hellos > hellos, 'a new socket');
      expect(world.troubles.join()).toContain('Socket Mode was switched off');
    }));

  test('after a socket that is open and answers no ping', () =>
    withSlack(async (world) => {
      const here = await world.open({ times: { pongWithin: 300 } });
      await here.connected();
      const { hellos } = world.slack.socket;
      world.slack.socket.answersPings = false;
      await eventually(() => world.slack.socket.hellos > hellos, 'a new socket');
      world.slack.socket.answersPings = true;
      await hears(world, here);
    }));

  test('after a socket that opens and never says hello', () =>
    withSlack(async (world) => {
      world.slack.socket.saysHello = false;
      const here = await world.open({ times: { connectWithin: 200 } });
      await eventually(() => world.troubles.length > 0, 'it is told');
      expect(world.troubles.join()).toContain('no hello within 0.2 s');
      world.slack.socket.saysHello = true;
      await hears(world, here);
    }));

  test('not sooner than it should after it was cut again and again', () =>
    withSlack(async (world) => {
      await world.open();
      const { slack } = world;
      for (let cut = 0; cut < 4; cut += 1) {
        await eventually(() => slack.socket.connected > 0, 'a socket to cut');
        slack.socket.cut();
      }
      await eventually(() => world.troubles.length > 0, 'it is told');
      expect(world.troubles.join()).toContain('cut again as soon as it was made');
    }));
});

describe('a wrong token', () => {
  const cases: readonly [string, 'bot' | 'app', string, string][] = [
    ['of the bot', 'bot', 'xoxb-revoked', 'invalid_auth'],
    ['of the app', 'app', 'xapp-revoked', 'invalid_auth'],
    ['that is the other one', 'app', 'xoxb-planted-bot-secret', 'not_allowed_token_type'],
  ];
  for (const [what, which, token, code] of cases)
    test(`${what} is told with a hint, once, and the right one is taken when it comes`, () =>
      withSlack(async (world) => {
        let revealed = token;
        const reveal = { reveal: () => revealed };
        const here = await world.open(which === 'bot' ? { botToken: reveal } : { appToken: reveal });
        const method = which === 'bot' ? 'auth.test' : 'apps.connections.open';
        const tries = (): number => world.slack.web.calls.filter((call) => call.method === method).length;
        await eventually(() => tries() > 3, 'it is tried again and again');
        expect(world.troubles.filter((text) => text.startsWith('Slack is not connected'))).toHaveLength(1);
        expect(world.troubles.join()).toMatch(new RegExp(`${code} \\(the token`));
        expect(here.chat.connected()).toBe(false);
        revealed = world.slack.tokens[which];
        await here.connected();
        await hears(world, here);
      }));
});

test('frames that make no sense end nothing', () =>
  withSlack(async (world) => {
    const here = await world.open();
    await here.connected();
    for (const frame of [
      'null',
      '[]',
      '"x"',
      '{',
      '{}',
      '{"type":"events_api","envelope_id":"1"}',
      '{"type":"events_api","envelope_id":"1","payload":{}}',
      '{"type":"events_api","envelope_id":"1","payload":{"event":null}}',
      '{"type":"events_api","envelope_id":"2","payload":{"type":"event_callback","event":{"type":"message"}}}',
      '{"type":"slash_commands","envelope_id":"3","payload":{"command":"/switchdc"}}',
      '{"type":"interactive","envelope_id":"4","payload":{"type":"block_actions","actions":[]}}',
      '{"type":"disconnected"}',
      `{"type":"hello","x":"${'y'.repeat(100_000)}"}`,
    ])
      world.slack.socket.raw(frame);
    await hears(world, here);
    expect(here.heard).toHaveLength(1);
  }));

test('closing takes no longer than it must, whatever Slack does not answer', () =>
  withSlack(async (world) => {
    const here = await world.open();
    await here.connected();
    world.slack.socket.answersPings = false;
    world.slack.web.expect({
      method: 'chat.postMessage',
      times: 9,
      with: { kind: 'rate-limit', retryAfter: 60 },
    });
    const sending = here.chat.send(
      { platform: 'slack', channel: '#operations' },
      { tone: 'plain', blocks: [] },
      'k',
    );
    const began = performance.now();
    await Promise.all([expect(sending).rejects.toThrow(), here[Symbol.asyncDispose]()]);
    expect(performance.now() - began).toBeLessThan(2_000);
  }));

test('pauses between tries grow to their ceiling and stay there for ever', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, chance) => {
        const pause = backoff(failures, slackTimes.reconnectFirst, slackTimes.reconnectAtMost, chance);
        expect(pause).toBeLessThanOrEqual(slackTimes.reconnectAtMost);
        expect(pause).toBeGreaterThanOrEqual(slackTimes.reconnectFirst / 2);
        if (failures > 5) expect(pause).toBeGreaterThanOrEqual(slackTimes.reconnectAtMost / 2);
      },
    ),
  );
  expect(slackTimes.reconnectAtMost).toBeLessThanOrEqual(15_000);
  expect(slackTimes.pongWithin).toBeGreaterThanOrEqual(20_000);
});
