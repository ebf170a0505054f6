import type { Client, ClientChannel } from 'ssh2';

const READY = 'switchdc-waits';

/** What it is told: to say that it is there, and to become what the one line says that it reads. */
export const WAITS = `printf '%s\\n' ${READY}; IFS= read -r line && eval "$line"`;

/** A shell reads from a connection byte by byte. */
const LONGEST_LINE = 4_096;

/**
 * A login shell that has begun and waits on an open connection: starting one is most of what a command costs, and here
 * it is done before the command is needed. It takes one line and is gone with it; without one, or where it has ended in
 * the meantime, a command is started the ordinary way.
 */
export class WaitingShell {
  #channel: ClientChannel | undefined;
  #isOpening = false;

  constructor(private readonly client: Client) {}

  /** Has one wait, unless one does. */
  prepare(): void {
    if (this.#channel !== undefined || this.#isOpening) return;
    this.#isOpening = true;
    try {
      this.client.exec(WAITS, (error, channel) => {
        if (error) this.#isOpening = false;
        else this.#listen(channel);
      });
    } catch {
      this.#isOpening = false;
    }
  }

  /** Gives it away, if there is one that can be told this line. What it says from now on is the taker's. */
  take(line: string): ClientChannel | undefined {
    const channel = this.#channel;
    if (channel === undefined || line.includes('\n') || line.length > LONGEST_LINE) return undefined;
    this.#channel = undefined;
    // The channel has listeners of its own as well.
    channel.removeAllListeners('data');
    return channel;
  }

  #listen(channel: ClientChannel): void {
    let said = '';
    channel.on('data', (chunk: Buffer) => {
      if (!this.#isOpening) return;
      // What a start-up file says comes before it, and is nobody's.
      said = (said + chunk.toString('latin1')).slice(-1_024);
      if (!said.includes(READY)) return;
      this.#isOpening = false;
      this.#channel = channel;
    });
    channel.stderr.resume();
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
      else this.#isOpening = false;
    });
  }
}
