import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabGround } from './lab-ground.js';
import { descendantsOf } from './process-tree.js';
import type { ServerProcess } from './server-process.js';
import type { SshKeyPair } from './ssh-key-pair.js';

export interface SshHostSpec {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly key: SshKeyPair;
  /** The client keys that may log in, in the format of authorized_keys. */
  readonly authorizedKeys: string;
  /** What every command on the host finds in its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** One host of a lab: an sshd with an address, a key and an environment of its own. */
export class SshHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** What every command on the host finds in its environment. */
  readonly env: Readonly<Record<string, string>>;
  #key: SshKeyPair;
  readonly #spec: SshHostSpec;
  readonly #folder: string;
  readonly #server: ServerProcess;

  constructor(ground: LabGround, spec: SshHostSpec) {
    this.name = spec.name;
    this.address = spec.address;
    this.port = spec.port;
    this.env = spec.env;
    this.#key = spec.key;
    this.#spec = spec;
    this.#folder = ground.folderFor('ssh', spec.name);
    this.#write('authorized_keys', spec.authorizedKeys);
    this.#configure([spec.key]);
    const server = ground.server({
      name: `sshd of ${spec.name}`,
      command: '/bin/sh',
      // sshd overwrites its environment, in which the lab's mark is: the shell stays to be found by it.
      args: ['-c', '"$@" & wait', spec.name, '/usr/sbin/sshd', '-D', '-e', '-f', this.#file('sshd_config')],
      log: this.#file('log'),
      // Written once it listens. Connecting instead would start a process for each look.
      ready: async () => descendantsOf(server.pid).includes(Number(this.#read('pid'))),
    });
    this.#server = server;
  }

  /** `ssh-ed25519 AAAA…`, what it shows to whoever connects. */
  get publicKey(): string {
    return this.#key.public;
  }

  /** Every process of the host that descends from its sshd: connections, and the commands on them. */
  get processes(): readonly number[] {
    return descendantsOf(this.#server.pid);
  }

  async start(): Promise<void> {
    await this.#server.start();
  }

  /** Gone at once, as when its power is cut: connections, and the commands on them, with it. */
  async kill(): Promise<void> {
    await this.#server.kill();
  }

  /** It hangs: the kernel takes connections and acknowledges what arrives, and nobody ever answers. */
  freeze(): void {
    this.#server.freeze();
  }

  thaw(): void {
    this.#server.thaw();
  }

  /** Runs and answers again, whatever was done to it. */
  async mend(): Promise<void> {
    this.thaw();
    await this.start();
  }

  /** Ends the connections and leaves the commands on them, and the sshd, running. */
  dropConnections(): void {
    const [listener] = descendantsOf(this.#server.pid);
    for (const pid of descendantsOf(listener ?? 0).filter(isSshd)) process.kill(pid, 'SIGKILL');
  }

  /**
   * From now on, to new connections, the host is another one: as when it was installed anew, or by an attacker. It may
   * have keys of other kinds besides.
   */
  async changeKey(key: SshKeyPair, ...besides: readonly SshKeyPair[]): Promise<void> {
    await this.kill();
    this.#key = key;
    this.#configure([key, ...besides]);
    await this.start();
  }

  #configure(keys: readonly SshKeyPair[]): void {
    const files = keys.map((_, index) => this.#file(`host-key-${index}`));
    for (const [index, key] of keys.entries()) this.#write(`host-key-${index}`, key.private);
    this.#write('sshd_config', configuration(this.#spec, this.#folder, files));
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }

  #write(name: string, text: string): void {
    rmSync(this.#file(name), { force: true });
    writeFileSync(this.#file(name), text, { mode: 0o600 });
  }

  #read(name: string): string {
    return readFileSync(this.#file(name), 'utf8');
  }
}

function isSshd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sshd';
  } catch {
    return false;
  }
}

/** Absolute paths everywhere: for each connection sshd starts itself anew, in `/`. */
function configuration(spec: SshHostSpec, folder: string, keyFiles: readonly string[]): string {
  const environment = Object.entries(spec.env).map(([name, value]) => `"${name}=${value}"`);
  return `
ListenAddress ${spec.address}
Port ${spec.port}
${keyFiles.map((file) => `HostKey ${file}`).join('\n')}
PidFile ${path.join(folder, 'pid')}
AuthorizedKeysFile ${path.join(folder, 'authorized_keys')}
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 500:30:1000
PerSourceMaxStartups none
LoginGraceTime 20
PrintMotd no
LogLevel ERROR
SetEnv ${environment.join(' ')}
`;
}
