import path from 'node:path';
import type { LabGround } from '../../lab/lab-ground.js';
import type { ServerProcess } from '../../lab/server-process.js';
import type { Json } from '../../src/domain/json.js';

/** An etcd of one member, written through its JSON gateway: for tests of what follows the store, not of the store. */
export interface SingleEtcd {
  readonly port: number;
  readonly endpoint: string;
  readonly server: ServerProcess;
  /** Objects by key below `/conftool/v1/`, all in one transaction; null removes one, a text is written as it is. */
  put(objects: Readonly<Record<string, Json>>): Promise<void>;
  /** Forgets history: a watch from an earlier revision is ended by the server. */
  compact(): Promise<void>;
}

export async function openSingleEtcd(ground: LabGround): Promise<SingleEtcd> {
  const [port, peerPort] = [await ground.ports.next(), await ground.ports.next()];
  const endpoint = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  const post = async (method: string, body: Json): Promise<Record<string, Json>> => {
    const signal = AbortSignal.timeout(5_000);
    const response = await fetch(`${endpoint}/v3/${method}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new Error(`${method}: ${await response.text()}`);
    return (await response.json()) as Record<string, Json>;
  };
  const server = await ground.start({
    name: 'etcd',
    command: 'etcd',
    args: [
      ...['--name', 'single', '--data-dir', ground.folderFor('etcd')],
      ...['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint],
      ...[
        '--listen-peer-urls',
        peer,
        '--initial-advertise-peer-urls',
        peer,
        '--initial-cluster',
        `single=${peer}`,
      ],
      ...['--logger', 'zap', '--log-level', 'warn'],
    ],
    log: path.join(ground.folder, 'etcd.log'),
    ready: async () => {
      await post('kv/range', { key: base64('x') });
      return true;
    },
  });
  return {
    port,
    endpoint,
    server,
    async put(objects) {
      const success = Object.entries(objects).map(([name, value]): Json => {
        const key = base64(`/conftool/v1/${name}`);
        if (value === null) return { request_delete_range: { key } };
        return {
          request_put: { key, value: base64(typeof value === 'string' ? value : JSON.stringify(value)) },
        };
      });
      await post('kv/txn', { success });
    },
    async compact() {
      const header = (await post('kv/range', { key: base64('x') }))['header'] as {
        readonly revision: string;
      };
      await post('kv/compaction', { revision: header.revision, physical: true });
    },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
