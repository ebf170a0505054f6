import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LabGround } from '../../lab/lab-ground.js';
import { runs } from '../../lab/process-tree.js';
import { type SshHosts, openSshHosts } from '../../lab/ssh-hosts.js';
import { makeSshKeyPair } from '../../lab/ssh-key-pair.js';
import { eventually } from '../support/eventually.js';

const run = promisify(execFile);
const NAMES = Array.from({ length: 50 }, (_, index) => `mw${1401 + index}.eqiad.wmnet`);

let ground: LabGround;
let lab: SshHosts;
beforeAll(async () => {
  ground = await LabGround.open();
  const programs = ground.folderFor('programs');
  writeFileSync(path.join(programs, 'hostname'), '#!/bin/sh\necho "$LAB_HOST in $LAB_DC"\n', { mode: 0o755 });
  lab = await openSshHosts(ground, {
    hosts: NAMES,
    programs,
    env: (host) => ({ LAB_DC: `the datacenter ${host.split('.')[1] ?? ''}` }),
  });
}, 60_000);
afterAll(() => ground[Symbol.asyncDispose]());

/** As OpenSSH does it, which knows the hosts by a file. */
async function ssh(name: string, command: string, knownHosts: string): Promise<string> {
  const file = path.join(ground.folderFor('clients', name), 'known_hosts');
  writeFileSync(file, knownHosts);
  const options = {
    IdentityFile: lab.clientKeyFile,
    Port: String(lab.port),
    User: lab.user,
    HostKeyAlias: `[${name}]:${lab.port}`,
    UserKnownHostsFile: file,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    LogLevel: 'ERROR',
  };
  const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  const { stdout } = await run('ssh', ['-F', 'none', ...flags, lab.host(name).address, command]);
  return stdout;
}

describe('fifty hosts of a lab', () => {
  test('answer each for itself, with its programs first, its environment and a folder of its own', async () => {
    const known = lab.knownHosts();
    const names = NAMES.slice(0, 8);
    const answers = await Promise.all(
      names.map((name) => ssh(name, 'hostname; echo x > "$LAB_STATE/x"; echo "$SHLVL"', known)),
    );
    // 10: bash has counted itself, so it did not take itself for the first and read nobody's ~/.bashrc.
    expect(answers).toEqual(names.map((name) => `${name} in the datacenter eqiad\n10\n`));
    for (const name of names) expect(existsSync(path.join(ground.folder, 'hosts', name, 'x'))).toBe(true);
  });

  test('have keys of their own, known to OpenSSH plain and hashed', async () => {
    expect(new Set(lab.hosts.map(({ publicKey }) => publicKey)).size).toBe(NAMES.length);
    const [name = ''] = NAMES;
    for (const form of ['plain', 'hashed'] as const)
      expect(await ssh(name, 'echo hello', lab.knownHosts(form))).toBe('hello\n');
    const before = lab.knownHosts('hashed');
    expect(before).not.toContain(name);
    await lab.host(name).changeKey(makeSshKeyPair(name));
    await expect(ssh(name, 'echo hello', before)).rejects.toThrow(/Host key verification failed/);
    expect(await ssh(name, 'echo hello', lab.knownHosts())).toBe('hello\n');
  });

  test('are killed with what runs on them, and started again', async () => {
    const [name = ''] = NAMES;
    const host = lab.host(name);
    const running = ssh(name, 'echo $$ > "$LAB_STATE/pid"; exec sleep 600', lab.knownHosts());
    const file = path.join(ground.folder, 'hosts', name, 'pid');
    await eventually(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), 'it runs');
    expect(host.processes).toContain(Number(readFileSync(file, 'utf8')));
    await host.kill();
    await expect(running).rejects.toThrow();
    expect(runs(Number(readFileSync(file, 'utf8')))).toBe(false);
    await host.start();
    expect(await ssh(name, 'echo hello', lab.knownHosts())).toBe('hello\n');
  });

  test('may share one key', async () => {
    await using other = await LabGround.open();
    const shared = await openSshHosts(other, { hosts: ['a', 'b'], ownKeys: false });
    expect(new Set(shared.hosts.map(({ publicKey }) => publicKey)).size).toBe(1);
  });
});

test('hosts of a lab that is killed itself leave nothing, not even one that hangs', async () => {
  const script = path.join(import.meta.dirname, '..', 'support', 'ssh-lab-that-dies.mjs');
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
  });
  const { folder, pids } = JSON.parse(line) as { folder: string; pids: number[] };
  expect(pids.length).toBeGreaterThanOrEqual(8);
  expect(pids.every(runs)).toBe(true);
  child.kill('SIGKILL');
  await eventually(() => !existsSync(folder), 'the folder is gone');
  expect(pids.filter(runs)).toEqual([]);
});
