import { connect } from 'node:net';
import path from 'node:path';
import type { LabGround } from '../lab-ground.js';
import type { ServerProcess } from '../server-process.js';

export interface Memcached {
  /** `host:port` */
  readonly address: string;
  readonly process: ServerProcess;
}

/** A cache that app servers share. */
export async function startMemcached(ground: LabGround, name: string): Promise<Memcached> {
  const port = await ground.ports.next();
  const process = await ground.start({
    name: `memcached ${name}`,
    command: 'memcached',
    args: ['-l', '127.0.0.1', '-p', String(port), '-U', '0', '-m', '64', '-t', '1', '-u', 'nobody'],
    log: path.join(ground.folder, `memcached-${name}.log`),
    ready: () => accepts(port),
  });
  return { address: `127.0.0.1:${port}`, process };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
