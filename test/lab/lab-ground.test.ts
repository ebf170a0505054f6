import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LabGround } from '../../lab/lab-ground.js';
import { TcpProxy } from '../../lab/tcp-proxy.js';

/** Whether it runs; one that has ended and that nobody has asked after (Z) does not. */
function isThere(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}

/** Says where it listens in a file, and echoes. */
const ECHO = `
  require('node:net').createServer((socket) => socket.on('error', () => undefined).pipe(socket))
    .listen(Number(process.argv[1]), '127.0.0.1', () => require('node:fs').writeFileSync(process.argv[2], 'listens'));`;

async function echo(ground: LabGround, name: string) {
  const port = await ground.ports.next();
  const file = path.join(ground.folder, name);
  const server = await ground.start({
    name,
    command: process.execPath,
    args: ['--eval', ECHO, String(port), file],
    log: path.join(ground.folder, `${name}.log`),
    ready: () => Promise.resolve(existsSync(file)),
  });
  return { server, port };
}

const answer = (port: number, host = '127.0.0.1'): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, host, () => socket.write('hello'));
    socket.on('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

describe('the ground of a lab', () => {
  test('starts servers on ports of its own, and leaves no process and no folder', async () => {
    const ground = await LabGround.open();
    const { server, port } = await echo(ground, 'one');
    expect(port).toBeLessThan(32_768);
    expect(await answer(port)).toBe('hello');
    const { pid } = server;
    await ground[Symbol.asyncDispose]();
    expect(isThere(pid)).toBe(false);
    expect(existsSync(ground.folder)).toBe(false);
  });

  test('several are open side by side with nothing in common', async () => {
    await using one = await LabGround.open();
    await using other = await LabGround.open();
    expect(one.ports.block).not.toBe(other.ports.block);
    expect(one.ports.address(1, 2)).not.toBe(other.ports.address(1, 2));
    expect(one.folder).not.toBe(other.folder);
  });

  test('a server that is killed can be started again; one that ends at once is an error with the end of its log', async () => {
    await using ground = await LabGround.open();
    const { server, port } = await echo(ground, 'one');
    await server.kill();
    expect(server.isRunning).toBe(false);
    expect(await answer(port)).toBe('ECONNREFUSED');
    await server.start();
    expect(server.isRunning).toBe(true);
    const broken = ground.start({
      name: 'broken',
      command: process.execPath,
      args: ['--eval', 'console.error("no such configuration"); process.exit(1)'],
      log: path.join(ground.folder, 'broken.log'),
      ready: () => Promise.resolve(false),
    });
    await expect(broken).rejects.toThrow(/broken ended at once\n.*no such configuration/s);
  });

  test('cleans up after a process that was killed itself', async () => {
    const script = path.join(import.meta.dirname, '..', 'support', 'lab-that-dies.mjs');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    });
    const { folder, pids } = JSON.parse(line) as { folder: string; pids: number[] };
    expect(pids.every(isThere)).toBe(true);
    child.kill('SIGKILL');
    // The keeper removes the folder last.
    while (existsSync(folder)) await new Promise((resolve) => setImmediate(resolve));
    expect(pids.filter(isThere)).toEqual([]);
  });
});

describe('a link', () => {
  test('is cut and mended', async () => {
    await using ground = await LabGround.open();
    const { port } = await echo(ground, 'one');
    const listen = { host: '127.0.0.1', port: await ground.ports.next() };
    await using link = await TcpProxy.open(listen, { host: '127.0.0.1', port });
    expect(await answer(listen.port)).toBe('hello');
    link.cut();
    expect(await answer(listen.port)).toBe('ECONNRESET');
    link.mend();
    link.delay(5);
    const before = performance.now();
    expect(await answer(listen.port)).toBe('hello');
    // A lower bound: nothing can arrive sooner than both ways take.
    expect(performance.now() - before).toBeGreaterThanOrEqual(9);
  });

  test('that is stalled delivers everything once it is mended', async () => {
    await using ground = await LabGround.open();
    const { port } = await echo(ground, 'one');
    const listen = { host: '127.0.0.1', port: await ground.ports.next() };
    await using link = await TcpProxy.open(listen, { host: '127.0.0.1', port });
    link.stall();
    const late = answer(listen.port);
    expect(await Promise.race([late, answer(port)])).toBe('hello');
    link.mend();
    expect(await late).toBe('hello');
  });
});
