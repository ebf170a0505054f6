import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';

export interface IrcClientOptions {
  readonly port: number;
  readonly nick: string;
  /** Logs in by SASL PLAIN, where the server has accounts. */
  readonly account?: { readonly name: string; readonly password: string };
  readonly tls?: {
    readonly authority: string;
    readonly client?: { readonly certificate: string; readonly key: string };
  };
}

/** A person at a plain client: every line that arrives is kept as it came. Speaks the protocol itself, without a library. */
export class IrcClient implements AsyncDisposable {
  readonly lines: string[] = [];
  #rest = '';
  #isOpen = true;

  private constructor(
    private readonly socket: Socket,
    readonly nick: string,
  ) {
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => this.#read(data));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.#isOpen = false));
  }

  /** Connects and waits for the welcome. */
  static async open({ port, nick, account, tls }: IrcClientOptions): Promise<IrcClient> {
    const socket =
      tls === undefined
        ? connect({ host: '127.0.0.1', port })
        : connectTls({
            ...{ host: '127.0.0.1', port, ca: tls.authority, servername: 'irc.lab.test' },
            ...{ cert: tls.client?.certificate, key: tls.client?.key },
          });
    await once(socket, tls === undefined ? 'connect' : 'secureConnect');
    const client = new IrcClient(socket, nick);
    client.write('CAP LS 302', `NICK ${nick}`, `USER ${nick.toLowerCase().slice(0, 9)} 0 * :${nick}`);
    if (account !== undefined) {
      client.write('CAP REQ :sasl');
      await client.sees(/ CAP \S+ ACK /);
      client.write('AUTHENTICATE PLAIN');
      await client.sees(/^AUTHENTICATE :?\+/);
      const secret = `${account.name}\0${account.name}\0${account.password}`;
      client.write(`AUTHENTICATE ${Buffer.from(secret).toString('base64')}`);
      await client.sees(/ 903 /);
    }
    client.write('CAP END');
    await client.sees(/ 001 /);
    return client;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  write(...lines: readonly string[]): void {
    for (const line of lines) this.socket.write(`${line}\r\n`);
  }

  async joins(channel: string): Promise<void> {
    this.write(`JOIN ${channel}`);
    await this.sees(new RegExp(` 366 \\S+ ${channel} `, 'i'));
  }

  says(target: string, text: string): void {
    this.write(`PRIVMSG ${target} :${text}`);
  }

  /** The first line from `from` on that matches; waits for it. */
  async sees(wanted: RegExp, within = 15_000, from = 0): Promise<string> {
    const until = performance.now() + within;
    for (;;) {
      const line = this.lines.slice(from).find((one) => wanted.test(one));
      if (line !== undefined) return line;
      if (performance.now() > until)
        throw new Error(
          `${this.nick} did not see ${String(wanted)}; the last: ${this.lines.slice(-8).join(' / ')}`,
        );
      await sleep(5);
    }
  }

  /** What was said by `nick` in a channel or to us, in order, formats and all. */
  saidBy(nick: string, target: string): readonly string[] {
    return this.lines.flatMap((line) => {
      const [, who, where, text] = /^(?:@\S+ )?:([^!\s]+)\S* PRIVMSG (\S+) :(.*)$/.exec(line) ?? [];
      return who === nick && where?.toLowerCase() === target.toLowerCase() && text !== undefined
        ? [text]
        : [];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await Promise.resolve();
  }

  #read(data: string): void {
    const parts = (this.#rest + data).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = part.replace(/\r$/, '');
      if (line.startsWith('PING ')) this.write(`PONG ${line.slice(5)}`);
      else this.lines.push(line);
    }
  }
}
