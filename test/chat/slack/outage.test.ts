import { expect, test } from '@jest/globals';
import { NotSent } from '../../../src/chat/errors.js';
import { message, paragraph, say } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { operationsChannel, type SlackHere, type SlackWorld, withSlack } from './support.js';

const sending = (sentence: string, run: (world: SlackWorld, here: SlackHere) => Promise<void>): void =>
  test(sentence, () =>
    withSlack(async (world) => {
      const here = await world.open();
      await here.connected();
      await run(world, here);
    }),
  );
const texts = ({ slack, operations }: SlackWorld): readonly string[] =>
  slack.bySwitchdc(operations).map(({ text }) => text);

sending('what a run tells while Slack is away is told afterwards, in order', async (world, here) => {
  await world.slack.down();
  const told = Promise.all([
    ...[1, 2, 3].map((line) => here.chat.send(operationsChannel, say(`line ${line}`), `reporter/41/${line}`)),
    here.chat.send(operationsChannel, message('alarm', paragraph('look here')), 'reporter/41/4'),
  ]);
  // What is somebody's own is theirs to try again.
  await expect(here.chat.send(operationsChannel, say('planned'), 'milestone/1')).rejects.toBeInstanceOf(
    NotSent,
  );
  await world.slack.up();
  await told;
  expect(texts(world).filter((text) => text.startsWith('line'))).toEqual(['line 1', 'line 2', 'line 3']);
  expect(texts(world)).toContain('ALARM: look here');
});

for (const obeyed of [true, false])
  sending(
    `what may ${obeyed ? '' : 'not '}have arrived is looked for, and told once`,
    async (world, here) => {
      world.slack.web.expect({
        method: 'chat.postMessage',
        times: 1,
        with: { kind: 'no-answer', obeyed },
      });
      await here.chat.send(operationsChannel, say('once'), 'reporter/41/1');
      await here.chat.send(operationsChannel, say('after it'), 'reporter/41/2');
      expect(texts(world)).toEqual(['once', 'after it']);
    },
  );

sending('what Slack refuses is not tried again', async ({ slack }, here) => {
  slack.web.expect({
    method: 'chat.postMessage',
    times: 1,
    with: { kind: 'refusal', code: 'is_archived' },
  });
  await expect(here.chat.send(operationsChannel, say('x'), 'reporter/41/1')).rejects.toThrow('is_archived');
  expect(slack.web.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
});

test('whoever closes waits for no outage', () =>
  withSlack(async (world) => {
    const here = await world.open();
    await here.connected();
    await world.slack.down();
    const sent = here.chat
      .send(operationsChannel, say('x'), 'reporter/41/1')
      .catch((error: unknown) => error);
    await eventually(() => world.troubles.length > 0, 'the outage is noticed');
    await here[Symbol.asyncDispose]();
    expect(await sent).toBeInstanceOf(NotSent);
  }));
