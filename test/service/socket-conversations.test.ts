import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Reply } from '../../src/chat/command.js';
import { list, message, paragraph, say } from '../../src/chat/message.js';
import { answered, mistaken } from '../../src/chat/reply.js';
import { ServiceGone } from '../../src/service/errors.js';
import type { ServiceClient } from '../../src/service/socket-client.js';
import type { Followed } from '../../src/service/socket-server.js';
import { forever, SocketFolder } from './support.js';

let folder: SocketFolder;

beforeEach(() => {
  folder = new SocketFolder();
});

afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

describe('commands', () => {
  test('words and lines arrive as they are, with whom they are spoken for', async () => {
    await folder.serving();
    const service = await folder.client();
    const words = ['log', 'it\'s "quoted"', '', 'größer\n日本'];
    expect((await service.command(words, 'bob', forever)).data).toEqual({ command: words, as: 'bob' });
    expect((await service.command('go 41', undefined, forever)).data).toEqual({ command: 'go 41', as: null });
  });

  test('a reply comes back whole, whatever it is made of', async () => {
    const reply: Reply = {
      status: 'refused',
      message: message(
        'alarm',
        paragraph('a', { strong: 'b' }, { code: 'c' }, { link: 'https://x', text: 'd' }),
        list(['one'], ['two', { code: 'three' }]),
        { kind: 'fields', fields: [{ label: 'l', value: ['v'] }] },
        { kind: 'table', columns: ['a', 'b'], rows: [['1', '2'], []] },
        { kind: 'code', lines: ['', ' x'] },
        { kind: 'progress', label: 'p', done: 1, of: 2 },
        { kind: 'progress', label: 'p', done: 1, of: 0, note: 'n' },
        { kind: 'choices', choices: [{ label: 'GO', command: 'go 1' }] },
      ),
      data: { deep: [1, 2.5, null, true, 'x', { y: [] }] },
    };
    await folder.serving({ command: async () => reply });
    expect(await (await folder.client()).command('x', undefined, forever)).toEqual(reply);
  });

  test('a large table fits', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [`row ${index}`, 'x'.repeat(100)]);
    await folder.serving({
      command: async () => answered(message('plain', { kind: 'table', columns: ['a', 'b'], rows }), rows),
    });
    expect((await (await folder.client()).command('dates', undefined, forever)).data).toEqual(rows);
  });

  test('many at the same time get their own answers', async () => {
    await folder.serving();
    const service = await folder.client();
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, n) => service.command(`go ${n}`, undefined, forever)),
    );
    expect(replies.map(({ data }) => data)).toEqual(
      replies.map((_, n) => ({ command: `go ${n}`, as: null })),
    );
  });

  test('a handler that throws ends the connection, and is reported', async () => {
    await folder.serving({ command: () => Promise.reject(new Error('a bug')) });
    await expect((await folder.client()).command('x', undefined, forever)).rejects.toBeInstanceOf(
      ServiceGone,
    );
    expect(folder.reported).toMatchObject([{ message: 'a bug' }]);
  });

  test('the caller can stop waiting', async () => {
    await folder.serving({ command: () => new Promise<Reply>(() => undefined) });
    const stop = new AbortController();
    const asked = (await folder.client()).command('x', undefined, stop.signal);
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(asked).rejects.toThrow('enough');
    await expect((await folder.client()).command('x', undefined, stop.signal)).rejects.toThrow('enough');
  });
});

describe('following a run', () => {
  const items: Followed[] = [
    { kind: 'said', message: say('phase 2 started') },
    { kind: 'said', message: say('phase 2 ended') },
    { kind: 'end', result: 'PASS' },
  ];

  async function heard(service: ServiceClient, signal = forever): Promise<Followed[]> {
    const all: Followed[] = [];
    for await (const item of service.follow(41, signal)) all.push(item);
    return all;
  }

  test('everything is heard until the run ends', async () => {
    const asked: number[] = [];
    await folder.serving({
      async *follow(run) {
        asked.push(run);
        yield* items;
      },
    });
    expect(await heard(await folder.client())).toEqual(items);
    expect(asked).toEqual([41]);
  });

  test('a run of which nothing more will be said ends without a result', async () => {
    await folder.serving();
    expect(await heard(await folder.client())).toEqual([{ kind: 'end' }]);
  });

  test.each([
    ['goes away', (socket: Socket) => socket.destroy()],
    ['ends its side', (socket: Socket) => socket.end()],
  ])('a follower that %s is no longer followed for', async (_what, leave) => {
    const stopped = new Promise<void>((resolve) => {
      void folder.serving({
        async *follow(_run, signal) {
          yield items[0]!;
          await once(signal, 'abort');
          resolve();
        },
      });
    });
    while (!existsSync(folder.file('switchdc.sock'))) await new Promise((resolve) => setImmediate(resolve));
    const socket = await folder.raw();
    socket.write('{"version":2,"kind":"follow","run":1}\n');
    await once(socket, 'data');
    leave(socket);
    await stopped;
  });

  test('a service that ends in the middle is told apart from a run that ends', async () => {
    const server = await folder.serving({
      async *follow(_run, signal) {
        yield items[0]!;
        await once(signal, 'abort');
      },
    });
    const all: Followed[] = [];
    const following = (async () => {
      for await (const item of (await folder.client()).follow(1, forever)) {
        all.push(item);
        void server[Symbol.asyncDispose]();
      }
    })();
    await expect(following).rejects.toBeInstanceOf(ServiceGone);
    expect(all).toEqual([items[0]]);
  });

  test('a service that ends stops following', async () => {
    let stopped: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const server = await folder.serving({
      async *follow(_run, signal) {
        yield items[0]!;
        await once(signal, 'abort');
        stopped();
      },
    });
    const socket = await folder.raw();
    socket.write('{"version":2,"kind":"follow","run":1}\n');
    await once(socket, 'data');
    await server[Symbol.asyncDispose]();
    await ended;
  });

  test('a journal that cannot be read ends the connection, and is reported', async () => {
    await folder.serving({
      async *follow() {
        yield items[0]!;
        throw new Error('disk');
      },
    });
    await expect(heard(await folder.client())).rejects.toBeInstanceOf(ServiceGone);
    expect(folder.reported).toMatchObject([{ message: 'disk' }]);
  });
});

test('mistakes of people are replies like any other', async () => {
  await folder.serving({ command: async () => mistaken({ what: 'No.' }) });
  expect((await (await folder.client()).command('x', undefined, forever)).status).toBe('mistake');
});
