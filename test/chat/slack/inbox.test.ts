import { expect, test } from '@jest/globals';
import { message, say } from '../../../src/chat/message.js';
import type { IncomingMessage } from '../../../src/chat/platform.js';
import { eventually } from '../../support/eventually.js';
import { operationsChannel, shownText, type SlackHere, type SlackWorld, withSlack } from './support.js';

const quickly = { times: { ackWithin: 100, again: [0, 50, 100, 200, 400, 800] } };

async function settle(here: SlackHere, world: SlackWorld): Promise<void> {
  world.slack.person('last').says(world.operations, '!switchdc last');
  await eventually(() => here.heard.some(({ text }) => text === '!switchdc last'), 'the last line is heard');
}

test('an event that is delivered twice acts once', () =>
  withSlack(async (world) => {
    const here = await world.open();
    await here.connected();
    const alice = world.slack.person('alice');
    const { eventId } = alice.says(world.operations, '!switchdc go 41');
    await here.next();
    const again = alice.says(world.operations, '!switchdc go 41', { eventId });
    await eventually(() => again.acknowledged, 'the second delivery is acknowledged too');
    await settle(here, world);
    expect(here.heard.map(({ text }) => text)).toEqual(['!switchdc go 41', '!switchdc last']);
  }));

test('a click and a command that are delivered twice act once', () =>
  withSlack(async (world) => {
    const here = await world.open();
    await here.connected();
    const alice = world.slack.person('alice');
    alice.commands(world.operations, '/switchdc', 'go 41', 'Tr1');
    alice.commands(world.operations, '/switchdc', 'go 41', 'Tr1');
    const choices = [{ label: 'Approve', command: 'approve 41' }];
    const asked = await here.chat.send(
      operationsChannel,
      message('plain', { kind: 'choices', choices }),
      'q',
    );
    alice.clicks(world.operations, asked.id, 'Approve', 'Tr2');
    alice.clicks(world.operations, asked.id, 'Approve', 'Tr2');
    await settle(here, world);
    expect(here.heard.map(({ text }) => text)).toEqual([
      '!switchdc go 41',
      '!switchdc approve 41',
      '!switchdc last',
    ]);
  }));

test('what cannot be kept is not acknowledged, and acts once it is delivered again', () =>
  withSlack(async (world) => {
    const here = await world.open();
    await here.connected();
    here.database.pragma('query_only = 1');
    const said = world.slack.person('alice').says(world.operations, '!switchdc go 41');
    await eventually(() => world.troubles.length > 0, 'it is told');
    expect(world.troubles[0]).toContain('something from Slack could not be taken');
    expect([said.acknowledged, here.heard]).toEqual([false, []]);
    here.database.pragma('query_only = 0');
    await eventually(() => said.acknowledged, 'it is acknowledged when it comes again');
    expect((await here.next()).text).toBe('!switchdc go 41');
  }, quickly));

test('an event whose acknowledgement was lost is delivered again, and acts once', () =>
  withSlack(async (world) => {
    const here = await world.open();
    await here.connected();
    const said = world.slack.person('alice').says(world.operations, '!switchdc go 41');
    world.slack.socket.cut();
    await eventually(() => said.acknowledged, 'it is delivered again over the next socket');
    expect(said.attempts).toBeGreaterThan(1);
    await settle(here, world);
    expect(here.heard.map(({ text }) => text)).toEqual(['!switchdc go 41', '!switchdc last']);
  }, quickly));

test('what was acknowledged and never handled is taken up by the next process', () =>
  withSlack(async (world) => {
    const unread = await world.openUnread();
    await eventually(() => unread.connected(), 'connected');
    const said = world.slack.person('alice').says(world.operations, '!switchdc approve 41');
    await eventually(() => said.acknowledged, 'acknowledged');
    await unread[Symbol.asyncDispose]();
    const next = await world.open();
    expect(await next.next()).toMatchObject({ text: '!switchdc approve 41', sender: { user: 'U0ALICE' } });
  }));

/** Somebody says a line, one process does with it what it does, and the next one hears of it no more. */
const isOver = (
  line: string,
  deal: (first: SlackHere, heard: IncomingMessage) => Promise<void> | void,
): Promise<void> =>
  withSlack(async (world) => {
    const first = await world.open();
    await first.connected();
    world.slack.person('alice').says(world.operations, line);
    await deal(first, await first.next());
    await first[Symbol.asyncDispose]();
    const next = await world.open();
    await next.connected();
    await settle(next, world);
    expect(next.heard).toHaveLength(1);
  });

test('what was answered is not taken up again', () =>
  isOver('!switchdc next', async ({ chat, database }, heard) => {
    await chat.send(heard.from, say('on Monday'), `reply/slack/${heard.id}`);
    expect(database.prepare('SELECT handled FROM slack_inbox').pluck().all()).toEqual([1]);
  }));

test('what needed no answer is not taken up again', () =>
  isOver('!log by a bot', ({ chat }, heard) => {
    chat.handled(heard);
  }));

test('an answer that was out before the crash is found in the channel and not given again', () =>
  withSlack(async (world) => {
    const first = await world.open();
    await first.connected();
    world.slack.person('alice').says(world.operations, '!switchdc next');
    const heard = await first.next();
    await first.chat.send(heard.from, say('on Monday'), `reply/slack/${heard.id}`);
    // As if the process had been killed between the answer and the note of it.
    first.database.prepare('UPDATE slack_inbox SET handled = 0').run();
    await first[Symbol.asyncDispose]();
    const next = await world.open();
    await next.connected();
    await eventually(
      () => next.database.prepare('SELECT min(handled) FROM slack_inbox').pluck().get() === 1,
      'the answer is found',
    );
    await settle(next, world);
    expect(next.heard).toHaveLength(1);
    expect(world.slack.bySwitchdc(world.operations)).toHaveLength(1);
  }));

test('what is too old to be meant is not acted upon, and the person is told', () =>
  withSlack(async (world) => {
    const unread = await world.openUnread();
    await eventually(() => unread.connected(), 'connected');
    const said = world.slack.person('alice').says(world.operations, '!switchdc go 41');
    await eventually(() => said.acknowledged, 'acknowledged');
    await unread[Symbol.asyncDispose]();
    const next = await world.open({ times: { staleAfter: 0 } });
    await eventually(() => world.slack.bySwitchdc(world.operations).length > 0, 'an answer');
    const [answer] = world.slack.bySwitchdc(world.operations);
    expect(answer?.threadTs).toBe(said.ts);
    expect(shownText(answer!)).toContain('Please say it again');
    expect(next.heard).toEqual([]);
  }));

test('a line that ends the process each time is given up, and the person is told', () =>
  withSlack(async (world) => {
    const unread = await world.openUnread();
    await eventually(() => unread.connected(), 'connected');
    const said = world.slack.person('alice').says(world.operations, '!switchdc crash');
    await eventually(() => said.acknowledged, 'acknowledged');
    await unread[Symbol.asyncDispose]();
    for (let time = 0; time < 3; time += 1) {
      const dying = await world.open();
      await dying.next();
      await dying[Symbol.asyncDispose]();
    }
    const last = await world.open();
    await eventually(() => world.slack.bySwitchdc(world.operations).length > 0, 'an answer');
    expect(last.heard).toEqual([]);
  }));
