import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, ConnectionConfig } from 'mariadb';
import type { PrimaryName } from '../../src/databases/databases.js';
import { connectTo } from './connect.js';

const BEAT = `REPLACE INTO heartbeat.heartbeat (ts, server_id, shard, datacenter)
  VALUES (DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%f'), @@GLOBAL.server_id, ?, ?)`;

/**
 * Writes to one server at what time it did so, as pt-heartbeat does: whether it is read-only or not, and again and
 * again once the server is back.
 */
export class HeartbeatWriter implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #connection: Connection | undefined;

  constructor(
    private readonly server: ConnectionConfig,
    private readonly of: PrimaryName,
    /** Between two beats, in milliseconds. */
    private readonly interval: number,
  ) {
    this.#ended = this.#beatForEver();
  }

  /** To be called when the server has ended: a beat that waits for a frozen one is not cut short. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#connection?.destroy();
  }

  async #beatForEver(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#beat().catch(() => (this.#connection = undefined));
      await sleep(this.interval, undefined, { signal }).catch(() => undefined);
    }
  }

  async #beat(): Promise<void> {
    if (this.#connection?.isValid() !== true) this.#connection = await connectTo(this.server);
    await this.#connection.query(BEAT, [this.of.section, this.of.datacenter]);
  }
}
