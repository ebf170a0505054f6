import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import type { Reply } from '../../src/chat/command.js';
import { list, message, paragraph, say } from '../../src/chat/message.js';
import { answered, mistaken } from '../../src/chat/reply.js';
import { instant } from '../../src/domain/instant.js';
import { acquireDataLock, type DataLock } from '../../src/service/data-lock.js';
import { ServiceGone, ServiceMisunderstood, SocketUnusable } from '../../src/service/errors.js';
import { connectToService, type ServiceClient } from '../../src/service/socket-client.js';
import {
  type Followed,
  openSocketServer,
  type ServiceHandler,
  type SocketServer,
} from '../../src/service/socket-server.js';
import { LONGEST_REQUEST } from '../../src/service/wire.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const forever = new AbortController().signal;

let folder: ReturnType<typeof temporaryFolder>;
let locks: DataLock[];
let servers: SocketServer[];
let reported: unknown[];

beforeEach(() => {
  folder = temporaryFolder();
  [locks, servers, reported] = [[], [], []];
});

afterEach(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  for (const lock of locks) lock[Symbol.dispose]();
  folder[Symbol.dispose]();
});

function lockOf(directory: string): DataLock {
  const result = acquireDataLock(directory, { pid: 1, what: 'a test', since: instant(0) });
  if (!result.ok) throw new Error('held');
  locks.push(result.lock);
  return result.lock;
}

const quiet: ServiceHandler = {
  command: async (command, as) => answered(say('done'), { command, as: as ?? null }),
  async *follow() {
    // Nothing is said.
  },
};

async function serving(
  over: Partial<ServiceHandler> = {},
  directory = folder.path,
  patience = 60_000,
): Promise<SocketServer> {
  const lock = locks.find((held) => held.directory === directory) ?? lockOf(directory);
  const server = await openSocketServer({
    lock,
    handler: { ...quiet, ...over },
    patience,
    report: (error) => reported.push(error),
  });
  servers.push(server);
  return server;
}

async function client(directory = folder.path): Promise<ServiceClient> {
  const found = await connectToService(directory);
  if (found === undefined) throw new Error('nobody there');
  return found;
}

/** A connection without our client. */
async function raw(): Promise<Socket> {
  const socket = connect(folder.file('switchdc.sock'));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('commands', () => {
  test('words and lines arrive as they are, with whom they are spoken for', async () => {
    await serving();
    const service = await client();
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
    await serving({ command: async () => reply });
    expect(await (await client()).command('x', undefined, forever)).toEqual(reply);
  });

  test('a large table fits', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [`row ${index}`, 'x'.repeat(100)]);
    await serving({
      command: async () => answered(message('plain', { kind: 'table', columns: ['a', 'b'], rows }), rows),
    });
    expect((await (await client()).command('dates', undefined, forever)).data).toEqual(rows);
  });

  test('many at the same time get their own answers', async () => {
    await serving();
    const service = await client();
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, n) => service.command(`go ${n}`, undefined, forever)),
    );
    expect(replies.map(({ data }) => data)).toEqual(
      replies.map((_, n) => ({ command: `go ${n}`, as: null })),
    );
  });

  test('a handler that throws ends the connection, and is reported', async () => {
    await serving({ command: () => Promise.reject(new Error('a bug')) });
    await expect((await client()).command('x', undefined, forever)).rejects.toBeInstanceOf(ServiceGone);
    expect(reported).toMatchObject([{ message: 'a bug' }]);
  });

  test('the caller can stop waiting', async () => {
    await serving({ command: () => new Promise<Reply>(() => undefined) });
    const stop = new AbortController();
    const asked = (await client()).command('x', undefined, stop.signal);
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(asked).rejects.toThrow('enough');
    await expect((await client()).command('x', undefined, stop.signal)).rejects.toThrow('enough');
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
    await serving({
      async *follow(run) {
        asked.push(run);
        yield* items;
      },
    });
    expect(await heard(await client())).toEqual(items);
    expect(asked).toEqual([41]);
  });

  test('a run of which nothing more will be said ends without a result', async () => {
    await serving();
    expect(await heard(await client())).toEqual([{ kind: 'end' }]);
  });

  test.each([
    ['goes away', (socket: Socket) => socket.destroy()],
    ['ends its side', (socket: Socket) => socket.end()],
  ])('a follower that %s is no longer followed for', async (_what, leave) => {
    const stopped = new Promise<void>((resolve) => {
      void serving({
        async *follow(_run, signal) {
          yield items[0]!;
          await once(signal, 'abort');
          resolve();
        },
      });
    });
    while (!existsSync(folder.file('switchdc.sock'))) await new Promise((resolve) => setImmediate(resolve));
    const socket = await raw();
    socket.write('{"version":1,"kind":"follow","run":1}\n');
    await once(socket, 'data');
    leave(socket);
    await stopped;
  });

  test('a service that ends in the middle is told apart from a run that ends', async () => {
    const server = await serving({
      async *follow(_run, signal) {
        yield items[0]!;
        await once(signal, 'abort');
      },
    });
    const all: Followed[] = [];
    const following = (async () => {
      for await (const item of (await client()).follow(1, forever)) {
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
    const server = await serving({
      async *follow(_run, signal) {
        yield items[0]!;
        await once(signal, 'abort');
        stopped();
      },
    });
    const socket = await raw();
    socket.write('{"version":1,"kind":"follow","run":1}\n');
    await once(socket, 'data');
    await server[Symbol.asyncDispose]();
    await ended;
  });

  test('a journal that cannot be read ends the connection, and is reported', async () => {
    await serving({
      async *follow() {
        yield items[0]!;
        throw new Error('disk');
      },
    });
    await expect(heard(await client())).rejects.toBeInstanceOf(ServiceGone);
    expect(reported).toMatchObject([{ message: 'disk' }]);
  });
});

describe('what comes in', () => {
  const answerTo = async (bytes: string | Buffer): Promise<unknown> => {
    const socket = await raw();
    socket.write(bytes);
    return JSON.parse(await textOf(socket));
  };

  test.each([
    ['no JSON', 'go 41\n', 'it is not JSON'],
    ['nothing before the line feed', '\n', 'it is not JSON'],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0x0a]), 'it is not JSON'],
    ['another version', '{"version":2,"kind":"follow","run":1}\n', 'version'],
    ['a kind that is not known', '{"version":1,"kind":"stop"}\n', 'kind'],
    ['a field that is not known', '{"version":1,"kind":"follow","run":1,"dryRun":true}\n', 'dryRun'],
    ['a run that is none', '{"version":1,"kind":"follow","run":0}\n', 'run'],
    ['no object', 'null\n', 'expected'],
  ])('%s is not understood', async (_what, bytes, because) => {
    await serving();
    expect(await answerTo(bytes)).toEqual({
      kind: 'not-understood',
      because: expect.stringContaining(because),
    });
  });

  test('too much is not collected', async () => {
    await serving();
    const answer = await answerTo('x'.repeat(LONGEST_REQUEST + 1));
    expect(answer).toEqual({ kind: 'not-understood', because: `it has more than ${LONGEST_REQUEST} bytes` });
  });

  test('a caller that ends its side is answered, with a line feed or without', async () => {
    await serving();
    const socket = await raw();
    socket.end('{"version":1,"kind":"command","command":"go 1"}');
    expect(JSON.parse(await textOf(socket))).toMatchObject({ kind: 'reply', reply: { status: 'ok' } });
  });

  test('one that ends without a word gets none', async () => {
    await serving();
    const socket = await raw();
    socket.end();
    expect(await textOf(socket)).toBe('');
  });

  test('one that says nothing is cut off', async () => {
    await serving({}, folder.path, 1);
    expect(await textOf(await raw())).toBe('');
  });

  test('one that stays and goes on talking after its answer is cut off', async () => {
    await serving();
    const socket = await raw();
    socket.write('{"version":1,"kind":"command","command":"go 1"}\nand more\n');
    expect((await textOf(socket)).trim().split('\n')).toEqual([expect.stringContaining('"reply"')]);
  });

  test('one that goes away while it is answered disturbs nobody', async () => {
    let finish: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await serving({
      command: async (command) => {
        if (command === 'slow') {
          finish();
          await new Promise((resolve) => setImmediate(resolve));
        }
        return answered(say('done'), null);
      },
    });
    const socket = await raw();
    socket.write('{"version":1,"kind":"command","command":"slow"}\n');
    await started;
    socket.destroy();
    expect((await (await client()).command('next', undefined, forever)).status).toBe('ok');
    expect(reported).toEqual([]);
  });
});

describe('a service of another version', () => {
  const pretending = async (line: string): Promise<ServiceClient> => {
    const server = createServer((socket) => socket.on('data', () => socket.end(line)));
    server.listen(folder.file('switchdc.sock'));
    await once(server, 'listening');
    servers.push({ path: '', [Symbol.asyncDispose]: async () => void server.close() });
    return client();
  };

  test.each([
    ['{"kind":"reply","reply":{"status":"splendid"}}\n'],
    ['{"kind":"not-understood","because":"version"}\n'],
    ['{"kind":"end"}\n'],
    ['hello\n'],
  ])('%s is not understood', async (line) => {
    const asked = (await pretending(line)).command('x', undefined, forever);
    await expect(asked).rejects.toBeInstanceOf(ServiceMisunderstood);
  });

  test('one that ends without an answer is gone', async () => {
    await expect((await pretending('')).command('x', undefined, forever)).rejects.toBeInstanceOf(ServiceGone);
  });
});

describe('the socket', () => {
  test('is for its owner alone, and nothing else is left in the directory', async () => {
    const server = await serving();
    expect(server.path).toBe(folder.file('switchdc.sock'));
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path).sort()).toEqual(
      ['lock.db', 'lock.db-journal', 'lock.json', 'switchdc.sock'].filter((file) =>
        existsSync(folder.file(file)),
      ),
    );
  });

  test('is removed when the service ends, which ends every connection', async () => {
    const server = await serving({ command: () => new Promise<Reply>(() => undefined) });
    const asked = (await client()).command('x', undefined, forever);
    const idle = await raw();
    setImmediate(() => void server[Symbol.asyncDispose]());
    await expect(asked).rejects.toBeInstanceOf(ServiceGone);
    expect(await textOf(idle)).toBe('');
    await server[Symbol.asyncDispose]();
    expect(existsSync(server.path)).toBe(false);
    expect(await connectToService(folder.path)).toBeUndefined();
  });

  test.each([
    ['a socket of a dead process', (file: string) => makeStale(file)],
    ['a file', async (file: string) => writeFileSync(file, 'x')],
  ])('%s in its place is replaced', async (_what, make) => {
    await make(folder.file('switchdc.sock'));
    expect(await connectToService(folder.path)).toBeUndefined();
    mkdirSync(folder.file('.opening'));
    await serving();
    expect((await (await client()).command('x', undefined, forever)).status).toBe('ok');
  });

  test('works where the path of the directory is too long for a socket', async () => {
    const directory = folder.file(`${'long/'.repeat(30)}data`);
    const server = await serving({}, directory);
    expect(Buffer.byteLength(server.path)).toBeGreaterThan(150);
    expect((await (await client(directory)).command('x', undefined, forever)).status).toBe('ok');
    await server[Symbol.asyncDispose]();
    expect(existsSync(server.path)).toBe(false);
  });

  test('a directory that is not there has no service', async () => {
    expect(await connectToService(folder.file('none'))).toBeUndefined();
  });

  test('a directory in its place is said', async () => {
    mkdirSync(folder.file('switchdc.sock/x'), { recursive: true });
    await expect(serving()).rejects.toBeInstanceOf(SocketUnusable);
  });

  test('a service that has ended since it was found is unusable', async () => {
    const server = await serving();
    const service = await client();
    await server[Symbol.asyncDispose]();
    await expect(service.command('x', undefined, forever)).rejects.toBeInstanceOf(SocketUnusable);
  });

  /** As a killed process leaves it: bound, and nobody listening. */
  async function makeStale(file: string): Promise<void> {
    const draft = folder.file('draft');
    const server = createServer();
    server.listen(draft);
    await once(server, 'listening');
    const { linkSync } = await import('node:fs');
    linkSync(draft, file);
    server.close();
    await once(server, 'close');
  }
});

test('mistakes of people are replies like any other', async () => {
  await serving({ command: async () => mistaken({ what: 'No.' }) });
  expect((await (await client()).command('x', undefined, forever)).status).toBe('mistake');
});
