import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PeerCertificate, checkServerIdentity } from 'node:tls';
import type { Connection, ConnectionConfig } from 'mariadb';
import type { PrimaryName } from '../../src/databases/databases.js';
import type { LabGround } from '../lab-ground.js';
import type { ServerProcess } from '../server-process.js';
import type { TcpProxy } from '../tcp-proxy.js';
import type { Account } from './accounts.js';
import type { Certificates } from './certificates.js';
import { type Row, connectTo } from './connect.js';
import { LOG_SIZE, asUser } from './template.js';

export interface MariadbServerSpec {
  readonly primary: PrimaryName;
  /** Also its GTID domain: both servers of a pair may write at the same time (their heartbeats). */
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** It as seen from the other datacenter. */
  readonly across: TcpProxy;
  readonly certificates: Certificates;
  /** Added to the server's own arguments; a later one wins. */
  readonly args: readonly string[];
}

/** One database primary of the lab. It starts read-only, always. */
export class MariadbServer {
  readonly primary: PrimaryName;
  readonly host: string;
  readonly port: number;
  readonly across: TcpProxy;
  readonly process: ServerProcess;
  readonly #folder: string;
  /** Where its root logs in. */
  readonly socket: string;
  #root: Promise<Connection> | undefined;

  constructor(
    ground: LabGround,
    private readonly spec: MariadbServerSpec,
  ) {
    const { primary, host, port, across } = spec;
    const name = `${primary.section}.${primary.datacenter}`;
    this.primary = primary;
    this.host = host;
    this.port = port;
    this.across = across;
    const folder = ground.folderFor('mariadb');
    this.#folder = path.join(folder, name);
    this.socket = path.join(folder, `${name}.sock`);
    this.process = ground.server({
      name: `mariadbd ${name}`,
      command: 'mariadbd',
      args: this.#arguments(),
      log: path.join(folder, `${name}.log`),
      ready: () => this.#answers(),
      // Commits survive a SIGKILL (innodb-flush-log-at-trx-commit=2), and a clean end takes seconds.
      stopSignal: 'SIGKILL',
    });
  }

  /** Starts it for the first time, from a copy of the template. */
  async startFrom(template: string): Promise<void> {
    await cp(template, this.#folder, { recursive: true });
    await this.process.start();
  }

  /** Runs one statement as root, who may write under read-only. Not for a server that is frozen: it would wait. */
  async sql(statement: string, values: readonly unknown[] = []): Promise<Row[]> {
    const connection = await this.#asRoot();
    return connection.query<Row[]>(statement, values);
  }

  /** The same, and the other one never hears of it. */
  async sqlOfItsOwn(statement: string): Promise<void> {
    const connection = await this.#asRoot();
    // Sent together, so that nobody else's statement comes in between.
    await Promise.all(
      ['SET sql_log_bin=0', statement, 'SET sql_log_bin=1'].map((text) => connection.query(text)),
    );
  }

  /** How an account connects to it. */
  loginOf(account: Account): ConnectionConfig {
    const { host, port } = this;
    return { host, port, ...account, ssl: { ca: this.spec.certificates.authority, ...goodFor(host) } };
  }

  /** Replicates from the other one from now on. */
  async replicateFrom(other: MariadbServer, account: Account): Promise<void> {
    const { host, port } = other.across;
    await this.sql(
      `CHANGE MASTER TO MASTER_HOST=?, MASTER_PORT=?, MASTER_USER=?, MASTER_PASSWORD=?, MASTER_USE_GTID=slave_pos,
         MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1, MASTER_SSL=1, MASTER_SSL_CA=?, MASTER_SSL_VERIFY_SERVER_CERT=1`,
      [host, port, account.user, account.password, this.spec.certificates.authorityFile],
    );
    await this.sql('START SLAVE');
  }

  /** What it has written itself, as a position; empty where that is nothing. */
  async position(): Promise<string> {
    const [row] = await this.sql('SELECT @@GLOBAL.gtid_binlog_pos AS position');
    const all = typeof row?.['position'] === 'string' ? row['position'].split(',') : [];
    return all.find((gtid) => gtid.startsWith(`${this.spec.id}-`)) ?? '';
  }

  /** Waits until it has executed a position; whether it has, within 10 s. */
  async hasExecuted(position: string): Promise<boolean> {
    const [row] = await this.sql('SELECT MASTER_GTID_WAIT(?, 10) AS waited', [position]);
    return row?.['waited'] === 0;
  }

  async isReplicating(): Promise<boolean> {
    const [row] = await this.sql('SHOW SLAVE STATUS');
    return row?.['Slave_IO_Running'] === 'Yes' && row['Slave_SQL_Running'] === 'Yes';
  }

  /** It answers nothing any more, from when this is back: a thread that is busy elsewhere stops a moment later. */
  async freeze(): Promise<void> {
    this.process.freeze();
    while (!isStopped(this.process.pid)) await sleep(1);
  }

  /** Lets go of it; the process ends with the ground. */
  async close(): Promise<void> {
    await this.process.stop();
    (await this.#root?.catch(() => undefined))?.destroy();
  }

  async #asRoot(): Promise<Connection> {
    const known = await this.#root?.catch(() => undefined);
    if (known?.isValid() === true) return known;
    this.#root = connectTo({ socketPath: this.socket, user: 'root' });
    return this.#root;
  }

  async #answers(): Promise<boolean> {
    if (!existsSync(this.socket)) return false;
    await this.sql('DO 0');
    return true;
  }

  #arguments(): string[] {
    const { id, host, port, certificates, args } = this.spec;
    return [
      ...['--no-defaults', ...asUser, `--datadir=${this.#folder}`, `--socket=${this.socket}`],
      ...[`--pid-file=${this.socket}.pid`, `--bind-address=${host}`, `--port=${port}`, '--skip-name-resolve'],
      ...[`--server-id=${id}`, `--gtid-domain-id=${id}`, '--gtid-strict-mode=1', '--read-only=1'],
      ...['--log-bin=binlog', '--log-slave-updates=1', '--binlog-format=ROW', '--relay-log=relay'],
      ...[
        `--report-host=${host}`,
        `--report-port=${port}`,
        '--slave-net-timeout=10',
        '--relay-log-recovery=1',
      ],
      ...[`--ssl-ca=${certificates.authorityFile}`, `--ssl-cert=${certificates.certificateFile}`],
      ...[`--ssl-key=${certificates.keyFile}`, '--max-connections=200', '--table-open-cache=200'],
      // Small, and quick rather than safe from a loss of power. Not `=0`: a SIGKILL would lose commits that the other
      // one already has, and replication would break.
      ...['--innodb-flush-log-at-trx-commit=2', '--sync-binlog=0', '--innodb-doublewrite=0'],
      ...[
        '--innodb-buffer-pool-size=16M',
        `--innodb-log-file-size=${LOG_SIZE}`,
        '--innodb-log-buffer-size=2M',
      ],
      ...['--key-buffer-size=64K', '--aria-pagecache-buffer-size=128K', '--performance-schema=0', ...args],
    ];
  }
}

/** Whether each of its threads is. */
function isStopped(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  try {
    return readdirSync(tasks).every((task) => {
      const stat = readFileSync(`${tasks}/${task}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
    });
  } catch {
    // One of them ended while we looked.
    return false;
  }
}

/** The connector asks for the certificate of "localhost" where it connects to an address. */
function goodFor(host: string): {
  checkServerIdentity: (name: string, certificate: PeerCertificate) => Error | undefined;
} {
  return { checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate) };
}
