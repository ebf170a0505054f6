import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { say } from '../../../src/chat/message.js';
import { operationsChannel, withSlack } from './support.js';

/** An HTTP proxy that notes what it was asked to connect to, and what was asked for then. */
async function openProxy(): Promise<
  AsyncDisposable & {
    readonly url: string;
    readonly asked: readonly string[];
    readonly requests: readonly string[];
  }
> {
  const asked: string[] = [];
  const requests: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const [host = '', port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    socket.on('data', (data: Buffer) => {
      const [request] = /^(GET|POST) \/[\w.]+(\/[\w.]+)?/.exec(data.toString()) ?? [];
      if (request !== undefined) requests.push(request);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('where there is a proxy, calls and the socket both go through it', async () => {
  await using proxy = await openProxy();
  await withSlack(async ({ slack, operations, open }) => {
    const here = await open({ proxy: proxy.url });
    await here.connected();
    slack.person('alice').says(operations, '!switchdc next');
    const heard = await here.next();
    await here.chat.send(heard.from, say('on Monday'), `reply/slack/${heard.id}`);
    await here.chat.send(operationsChannel, say('x'), 'k');
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(slack.origin).host]));
    const wanted = ['POST /api/auth.test', 'POST /api/apps.connections.open', 'POST /api/chat.postMessage'];
    expect(proxy.requests).toEqual(expect.arrayContaining([...wanted, 'GET /link']));
    expect(proxy.requests.filter((one) => one.startsWith('POST'))).toHaveLength(slack.web.calls.length);
  });
});
