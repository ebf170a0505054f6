import { expect, test } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Lab } from '../../../lab/lab.js';
import { accounts } from '../../../lab/mariadb/accounts.js';
import { eventually } from '../../support/eventually.js';
import { helpAlong } from '../../support/help-along.js';
import { RunningService } from '../../support/running-service.js';
import { switchdc } from '../../support/switchdc.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { onOneLab } from '../../support/on-one-lab.js';

const PASSPHRASE = 'planted-passphrase-5b1c';

let lab: Lab;
onOneLab((opened) => {
  lab = opened;
});

interface LabConnections {
  etcd: { user?: unknown };
  ssh: { privateKey: unknown; passphrase?: unknown };
  mariadb: { password: unknown };
}

/** The lab's configuration file, changed. */
function configFile(folder: string, change: (connections: LabConnections) => void): string {
  const config = JSON.parse(readFileSync(lab.configFile, 'utf8')) as { connections: LabConnections };
  change(config.connections);
  const file = path.join(folder, 'switchdc.yaml');
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** The lab's key, which nobody reads without the passphrase. */
function lockedKey(folder: string): string {
  const file = path.join(folder, 'key');
  copyFileSync(lab.hosts.clientKeyFile, file);
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', file]);
  return file;
}

function keyLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('-----'));
}

/** The files below a folder that hold one of the secrets, as it is or in base64. */
function filesWith(folder: string, secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').slice(0, -4)]);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => {
      const content = readFileSync(file);
      return forms.some((form) => content.includes(form));
    });
}

/** Every command line that any process of the machine has had since. */
class ProcessList implements Disposable {
  readonly lines = new Set<string>();
  readonly #timer = setInterval(() => this.#look(), 20);

  #look(): void {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      try {
        this.lines.add(readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It has ended.
      }
  }

  with(secrets: readonly string[]): string[] {
    return [...this.lines].filter((line) => secrets.some((secret) => line.includes(secret)));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

test('no secret is in anything that a whole run leaves behind, says, or shows in the process list', async () => {
  using folder = temporaryFolder();
  using processes = new ProcessList();
  const key = lockedKey(folder.path);
  const config = configFile(folder.path, ({ ssh }) => {
    ssh.privateKey = { file: key };
    ssh.passphrase = { env: 'SWITCHDC_TEST_PASSPHRASE' };
  });
  const env = { SWITCHDC_TEST_PASSPHRASE: PASSPHRASE };
  const secrets = [
    PASSPHRASE,
    accounts.switching.password,
    ...keyLines(lab.hosts.clientKeyFile),
    ...keyLines(key),
  ];
  const data = lab.ground.folderFor('services', 'secrets');
  await using service = await RunningService.start(data, { config, env });
  service.say('/as alice');
  for (let said = ''; !said.includes('approve 1');) {
    service.say('start --live-test --task T12345');
    said = await service.until(/approve 1|cannot be looked at/);
  }
  service.say('/as bob', 'approve 1', '/as alice');
  await helpAlong(service, /Run 1: (PASS|FAIL|ABORTED)/);
  for (const line of ['report 1', 'plan 1', 'why 1', 'sal', 'status', 'help', 'whoami', 'runs --json'])
    service.say(line);
  service.say('frobnicate');
  await service.until(/frobnicate/);
  const ended = await service.end();
  expect(service.said).toContain('Run 1: PASS');

  for (const secret of secrets) expect(service.said + ended.stdout + ended.stderr).not.toContain(secret);
  expect(filesWith(data, secrets)).toEqual([]);
  expect(processes.with(secrets)).toEqual([]);

  // Whoever looks does see.
  expect(filesWith(folder.path, secrets)).toEqual([key]);
  expect(processes.with(['mysqld', 'mariadbd']).length).toBeGreaterThan(0);
  const careless = spawn('sh', ['-c', 'read _', 'careless', PASSPHRASE], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await eventually(() => processes.with(secrets).length === 1, 'the process list is looked at');
  careless.stdin.end();
}, 200_000);

test.each([
  {
    what: 'the password of the databases',
    shown: /refuses the user switchdc: check the password/,
    change: (connections: LabConnections, file: string) => {
      connections.mariadb.password = { file };
    },
  },
  {
    what: 'the password of the state store',
    shown: /store/,
    change: (connections: LabConnections, file: string) => {
      connections.etcd.user = { name: 'switchdc', password: { file } };
    },
  },
  {
    what: 'the passphrase of the key',
    shown: /key/,
    change: (connections: LabConnections, file: string, key: string) => {
      connections.ssh.privateKey = { file: key };
      connections.ssh.passphrase = { file };
    },
  },
])(
  '$what is wrong: that is told, and the secret is not',
  async ({ shown, change }) => {
    using folder = temporaryFolder();
    using processes = new ProcessList();
    const secret = 'planted-and-wrong-e07d';
    const file = folder.file('secret');
    writeFileSync(file, `${secret}\n`);
    const config = configFile(folder.path, (connections) =>
      change(connections, file, lockedKey(folder.path)),
    );
    const data = folder.file('data');
    const lines = ['/as alice', 'status', 'start --dry-run', 'status', 'why', 'runs'];
    const served = await switchdc(['serve', '--data', data, '--config', config], {
      input: `${lines.join('\n')}\n`,
    });
    const asked = await switchdc(['--data', data, '--config', config, 'status']);
    const checked = await switchdc(['--config', config, 'check-config']);
    const said = [served, asked, checked].map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(said).toMatch(shown);
    expect(said).not.toContain(secret);
    expect(filesWith(folder.path, [secret])).toEqual([file]);
    expect(processes.with([secret])).toEqual([]);
  },
  60_000,
);
