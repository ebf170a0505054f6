import { expect, test } from '@jest/globals';
import { SentUnknown } from '../../../src/chat/errors.js';
import { say } from '../../../src/chat/message.js';
import { slackTimes } from '../../../src/chat/slack/options.js';
import { editingPace, postingPace } from '../../../src/chat/slack/pace.js';
import { MINUTE, SECOND } from '../../../src/domain/instant.js';
import { eventually } from '../../support/eventually.js';
import { operationsChannel, withSlack } from './support.js';

/** What the library would do by itself, and must not. */

test('a call that is never answered ends in its time, and others do not wait for it', () =>
  withSlack(async ({ slack, open }) => {
    const { chat } = await open({ times: { callWithin: 700 } });
    slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'silence' } });
    const began = performance.now();
    const sending = chat.send(operationsChannel, say('x'), 'k').catch((error: unknown) => error);
    await eventually(
      () => slack.web.calls.some(({ answered }) => answered === 'silence'),
      'it is not answered',
    );
    await chat.directTo({ kind: 'slack', team: 'T0FARM', user: 'U0BOT' }).catch(() => undefined);
    expect(performance.now() - began).toBeLessThan(650);
    expect(await sending).toBeInstanceOf(SentUnknown);
    expect(performance.now() - began).toBeLessThan(3_000);
  }));

test('nobody can connect to the process: the socket is opened from inside', () =>
  withSlack(async ({ open }) => {
    const here = await open();
    await here.connected();
    const listeners = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
    await eventually(() => listeners() === 1, 'only the stand-in listens');
  }));

test('a call that fails is tried by us and not by the library: none is made twice', () =>
  withSlack(async ({ slack, open }) => {
    const here = await open();
    await here.connected();
    for (const status of [500, 503]) {
      slack.web.expect({ method: 'chat.postMessage', times: 1, with: { kind: 'status', status } });
      await expect(here.chat.send(operationsChannel, say('x'), `${status}`)).rejects.toThrow(SentUnknown);
    }
    expect(slack.web.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(2);
  }));

test('unless told otherwise the limits of Slack are kept and no call is waited for without end', () => {
  expect(postingPace.perSecond).toBeLessThanOrEqual(1);
  expect(editingPace.perSecond * 60).toBeLessThanOrEqual(50);
  expect(slackTimes.editEvery).toBeGreaterThanOrEqual(3 * SECOND);
  expect(slackTimes.callWithin).toBeLessThanOrEqual(10 * SECOND);
  expect(slackTimes.userKnownFor).toBeLessThanOrEqual(5 * MINUTE);
});
