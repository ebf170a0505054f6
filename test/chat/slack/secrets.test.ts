import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { say } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { operationsChannel, withSlack } from './support.js';

/** Everything that can be seen of a thing, also where it hides. */
const seen = (thing: unknown): string => inspect(thing, { depth: 20, showHidden: true, getters: true });

test('tokens are in no error, no trouble, no printed line and no inspected object', () =>
  withSlack(async ({ slack, operations, troubles, open }) => {
    const written: string[] = [];
    const streams = [process.stdout, process.stderr];
    const writes = streams.map((stream) => stream.write);
    for (const stream of streams) stream.write = (chunk: unknown) => written.push(String(chunk)) > 0;
    const thrown: unknown[] = [];
    const here = await open();
    try {
      await here.connected();
      slack.web.expect({ method: 'apps.connections.open', times: 2, with: { kind: 'status', status: 500 } });
      slack.socket.cut();
      const failures = [
        { kind: 'refusal', code: 'invalid_auth' },
        { kind: 'status', status: 500 },
        { kind: 'no-answer', obeyed: false },
      ] as const;
      for (const failure of failures) {
        slack.web.expect({ method: 'chat.postMessage', times: 1, with: failure });
        await here.chat.send(operationsChannel, say('x'), 'k').catch((error: unknown) => thrown.push(error));
      }
      slack.web.expect({ method: 'users.info', times: 1, with: { kind: 'refusal', code: 'invalid_auth' } });
      await here.connected();
      slack.person('alice').says(operations, '!switchdc next');
      await here.next();
      await eventually(() => troubles.length > 2, 'troubles');
    } finally {
      streams.forEach((stream, index) => (stream.write = writes[index]!));
    }
    expect(thrown).toHaveLength(3);
    const all = [troubles, thrown, written, here.chat].map(seen).join('\n') + thrown.map(String).join();
    expect(all).toContain('invalid_auth');
    expect(all).not.toContain('planted');
    // The library would have printed its own.
    expect(written).toEqual([]);
  }));
