import { createServer, type Server } from 'node:net';

/** Below the range that the kernel takes outgoing ports from (32768 on Linux), where a listener could collide with one. */
const FIRST = 12_000;
const SIZE = 100;
const BLOCKS = 195;

/** A block of ports, and a loopback network, that no other lab on this machine uses while this one is open. */
export interface HeldPorts extends AsyncDisposable {
  /** From 0; also what the lab's own loopback network is derived from. */
  readonly block: number;
  /** A port of the block that nobody listens on, on no address; each is handed out once. */
  next(): Promise<number>;
  /** An address of this lab alone: `address(1, 7)` is 127.<block + 20>.1.7. */
  address(third: number, fourth: number): string;
}

/** Holds a block by listening on its first port for as long as the lab is open: so several labs can run side by side. */
export async function holdPorts(): Promise<HeldPorts> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const block = (start + tried) % BLOCKS;
    const base = FIRST + block * SIZE;
    const guard = await listening(base);
    if (guard !== undefined) return heldPorts(block, base, guard);
  }
  throw new Error(`no free block of ports between ${FIRST} and ${FIRST + BLOCKS * SIZE}: too many labs`);
}

function heldPorts(block: number, base: number, guard: Server): HeldPorts {
  let last = base;
  return {
    block,
    async next() {
      while (last < base + SIZE - 1) {
        // Of this call alone: others may ask while it is being tried.
        const port = (last += 1);
        const probe = await listening(port);
        if (probe === undefined) continue;
        await closed(probe);
        return port;
      }
      throw new Error(`the lab's ${SIZE} ports are used up`);
    },
    address: (third, fourth) => `127.${block + 20}.${third}.${fourth}`,
    [Symbol.asyncDispose]: () => closed(guard),
  };
}

/** A listener on every address, or undefined where somebody listens there already. */
function listening(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => resolve(server));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
