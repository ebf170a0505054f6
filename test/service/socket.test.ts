import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import type { Reply } from '../../src/chat/command.js';
import { say } from '../../src/chat/message.js';
import { answered } from '../../src/chat/reply.js';
import { ServiceGone, ServiceMisunderstood, SocketUnusable } from '../../src/service/errors.js';
import { connectToService, type ServiceClient } from '../../src/service/socket-client.js';
import { LONGEST_REQUEST } from '../../src/service/wire.js';
import { forever, SocketFolder } from './support.js';

let folder: SocketFolder;

beforeEach(() => {
  folder = new SocketFolder();
});

afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

describe('what comes in', () => {
  const answerTo = async (bytes: string | Buffer): Promise<unknown> => {
    const socket = await folder.raw();
    socket.write(bytes);
    return JSON.parse(await textOf(socket));
  };

  test.each([
    ['no JSON', 'go 41\n', 'it is not JSON'],
    ['nothing before the line feed', '\n', 'it is not JSON'],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0x0a]), 'it is not JSON'],
    ['another version', '{"version":1,"kind":"follow","run":1}\n', 'version'],
    ['a kind that is not known', '{"version":2,"kind":"stop"}\n', 'kind'],
    ['a field that is not known', '{"version":2,"kind":"follow","run":1,"dryRun":true}\n', 'dryRun'],
    ['a run that is none', '{"version":2,"kind":"follow","run":0}\n', 'run'],
    ['no object', 'null\n', 'expected'],
  ])('%s is not understood', async (_what, bytes, because) => {
    await folder.serving();
    expect(await answerTo(bytes)).toEqual({
      kind: 'not-understood',
      because: expect.stringContaining(because),
    });
  });

  test('too much is not collected', async () => {
    await folder.serving();
    const answer = await answerTo('x'.repeat(LONGEST_REQUEST + 1));
    expect(answer).toEqual({ kind: 'not-understood', because: `it has more than ${LONGEST_REQUEST} bytes` });
  });

  test('a caller that ends its side is answered, with a line feed or without', async () => {
    await folder.serving();
    const socket = await folder.raw();
    socket.end('{"version":2,"kind":"command","command":"go 1"}');
    expect(JSON.parse(await textOf(socket))).toMatchObject({ kind: 'reply', reply: { status: 'ok' } });
  });

  test('one that ends without a word gets none', async () => {
    await folder.serving();
    const socket = await folder.raw();
    socket.end();
    expect(await textOf(socket)).toBe('');
  });

  test('one that says nothing is cut off', async () => {
    await folder.serving({}, folder.path, 1);
    expect(await textOf(await folder.raw())).toBe('');
  });

  test('one that stays and goes on talking after its answer is cut off', async () => {
    await folder.serving();
    const socket = await folder.raw();
    socket.write('{"version":2,"kind":"command","command":"go 1"}\nand more\n');
    expect((await textOf(socket)).trim().split('\n')).toEqual([expect.stringContaining('"reply"')]);
  });

  test('one that goes away while it is answered disturbs nobody', async () => {
    let finish: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await folder.serving({
      command: async (command) => {
        if (command === 'slow') {
          finish();
          await new Promise((resolve) => setImmediate(resolve));
        }
        return answered(say('done'), null);
      },
    });
    const socket = await folder.raw();
    socket.write('{"version":2,"kind":"command","command":"slow"}\n');
    await started;
    socket.destroy();
    expect((await (await folder.client()).command('next', undefined, forever)).status).toBe('ok');
    expect(folder.reported).toEqual([]);
  });
});

describe('a service of another version', () => {
  const pretending = async (line: string): Promise<ServiceClient> => {
    const server = createServer((socket) => socket.on('data', () => socket.end(line)));
    server.listen(folder.file('switchdc.sock'));
    await once(server, 'listening');
    folder.closes({ [Symbol.asyncDispose]: async () => void server.close() });
    return folder.client();
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
    const server = await folder.serving();
    expect(server.path).toBe(folder.file('switchdc.sock'));
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path).sort()).toEqual(
      ['lock.db', 'lock.db-journal', 'lock.json', 'switchdc.sock'].filter((file) =>
        existsSync(folder.file(file)),
      ),
    );
  });

  test('is removed when the service ends, which ends every connection', async () => {
    const server = await folder.serving({ command: () => new Promise<Reply>(() => undefined) });
    const asked = (await folder.client()).command('x', undefined, forever);
    const idle = await folder.raw();
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
    await folder.serving();
    expect((await (await folder.client()).command('x', undefined, forever)).status).toBe('ok');
  });

  test('works where the path of the directory is too long for a socket', async () => {
    const directory = folder.file(`${'long/'.repeat(30)}data`);
    const server = await folder.serving({}, directory);
    expect(Buffer.byteLength(server.path)).toBeGreaterThan(150);
    expect((await (await folder.client(directory)).command('x', undefined, forever)).status).toBe('ok');
    await server[Symbol.asyncDispose]();
    expect(existsSync(server.path)).toBe(false);
  });

  test('a directory that is not there has no service', async () => {
    expect(await connectToService(folder.file('none'))).toBeUndefined();
  });

  test('a directory in its place is said', async () => {
    mkdirSync(folder.file('switchdc.sock/x'), { recursive: true });
    await expect(folder.serving()).rejects.toBeInstanceOf(SocketUnusable);
  });

  test('a service that has ended since it was found is unusable', async () => {
    const server = await folder.serving();
    const service = await folder.client();
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
