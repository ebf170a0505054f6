import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import path from 'node:path';
import type { LabGround } from '../../lab/lab-ground.js';
import type { ServerProcess } from '../../lab/server-process.js';

/** What a server of the wiki has read from the store. */
export interface ReadState {
  readonly readOnly: string | false;
  readonly primary: string | null;
  readonly index: number;
  readonly live: boolean;
  /** Of the process that answered. */
  readonly pid: number;
}

export interface StateReaderOptions {
  readonly endpoints: readonly string[];
  /** Seconds. */
  readonly lifetime: number;
  /** Seconds. */
  readonly timeout: number;
  readonly turn?: number;
  readonly [credential: string]: unknown;
}

/** An app server of the lab's wiki without its wiki: three processes that share what they have read. */
export async function openStateReader(
  ground: LabGround,
  { turn = 0, ...store }: StateReaderOptions,
): Promise<{ readonly server: ServerProcess; read(): Promise<ReadState> }> {
  const port = await ground.ports.next();
  const lab = path.join(import.meta.dirname, '..', '..', 'lab', 'wiki');
  const read = async (): Promise<ReadState> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(20_000) });
    return (await response.json()) as ReadState;
  };
  const server = await ground.start({
    name: 'state reader',
    command: 'php',
    args: ['-S', `127.0.0.1:${port}`, path.join(import.meta.dirname, 'stored-state.php')],
    env: {
      STORED_STATE: path.join(lab, 'stored-state.php'),
      OPTIONS: JSON.stringify({ store: { prefix: '/conftool/v1', ...store }, turn }),
      PHP_CLI_SERVER_WORKERS: '2',
    },
    log: path.join(ground.folder, `state-reader-${port}.log`),
    ready: async () => (await read()).pid > 0,
  });
  return { server, read };
}

/** A store that answers what a test likes, or not at all. */
export class SteeredStore implements AsyncDisposable {
  /** How many questions have arrived. */
  asked = 0;
  /** What it does with the next ones. */
  answer: (request: IncomingMessage, response: ServerResponse) => void = SteeredStore.holding({});

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly endpoint: string,
  ) {}

  static async open(ground: LabGround): Promise<SteeredStore> {
    const port = await ground.ports.next();
    const server = createServer();
    const store = new SteeredStore(server, `http://127.0.0.1:${port}`);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      store.asked += 1;
      request.resume();
      store.answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return store;
  }

  /** As etcd would answer with these texts below mediawiki-config/. */
  static holding(values: Readonly<Record<string, string>>): SteeredStore['answer'] {
    const kvs = Object.entries(values).map(([name, text], index) => ({
      key: base64(`/conftool/v1/mediawiki-config/${name}`),
      value: base64(text),
      mod_revision: String(index + 1),
    }));
    return SteeredStore.saying(JSON.stringify({ header: { revision: '99' }, kvs }));
  }

  static saying(text: string, status = 200): SteeredStore['answer'] {
    return (_, response) => response.writeHead(status).end(text);
  }

  /** The state of a datacenter that is read-only with this notice, or read-write. */
  static state(readOnly: string | false, primary = 'codfw'): SteeredStore['answer'] {
    return SteeredStore.holding({
      'eqiad/ReadOnly': JSON.stringify({ val: readOnly }),
      'codfw/ReadOnly': '{"val":"another datacenter is not meant"}',
      'common/WMFMasterDatacenter': JSON.stringify({ val: primary }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
