import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Somebody in a channel who knows to the millisecond when something was said there. */
export class Listener implements Disposable {
  #rest = '';
  readonly #heard: ((line: string, at: number) => void)[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8');
    socket.setNoDelay(true);
    socket.on('data', (data: string) => this.#read(data));
  }

  static async open(port: number, nick: string, ...channels: readonly string[]): Promise<Listener> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    const listener = new Listener(socket);
    const welcome = listener.next((line) => / 001 /.test(line));
    listener.write(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
    await welcome;
    for (const channel of channels) {
      const joined = listener.next((line) => / 366 /.test(line));
      listener.write(`JOIN ${channel}`);
      await joined;
    }
    return listener;
  }

  write(...lines: readonly string[]): void {
    for (const line of lines) this.socket.write(`${line}\r\n`);
  }

  /** Calls back with every line until it is told to stop. */
  hears(heard: (line: string, at: number) => void): () => void {
    this.#heard.push(heard);
    return () => this.#heard.splice(this.#heard.indexOf(heard), 1);
  }

  /** When the next such line has come. */
  next(isIt: (line: string) => boolean): Promise<number> {
    return new Promise((resolve) => {
      const stop = this.hears((line, at) => {
        if (!isIt(line)) return;
        stop();
        resolve(at);
      });
    });
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #read(data: string): void {
    const at = performance.now();
    const lines = (this.#rest + data).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines)
      if (line.startsWith('PING ')) this.write(line.replace('PING', 'PONG'));
      else for (const heard of [...this.#heard]) heard(line, at);
  }
}
