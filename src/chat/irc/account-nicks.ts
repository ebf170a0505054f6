import type { RawMessage } from 'irc-framework';
import type { IrcConnection } from './connection.js';
import { folded } from '../irc-names.js';

/** Accounts that are remembered; a channel has far fewer. */
const MOST = 5_000;

/** The mark of our question who is in a channel, in its answers. */
const WHO = '417';

/** Which nick an account has now: for calling people by it, never for access. */
export class AccountNicks {
  readonly #nicks = new Map<string, string>();

  /** Asks who is in a channel and logged in. */
  ask(channel: string, connection: IrcConnection): void {
    if (connection.has('account-tag')) connection.write(`WHO ${channel} %tna,${WHO}`);
  }

  nickOf(account: string): string | undefined {
    return this.#nicks.get(folded(account));
  }

  hear({ command, params, nick, tags }: RawMessage, connection: IrcConnection): void {
    if (!connection.has('account-tag')) return;
    const account = tags['account'];
    if (command === '354' && params[1] === WHO) this.#learn(params[3], params[2]);
    else if (command === 'QUIT') this.#forget(nick);
    else if (command === 'ACCOUNT') {
      this.#forget(nick);
      this.#learn(params[0], nick);
    } else if (command === 'JOIN' && connection.has('extended-join')) this.#learn(params[1], nick);
    else if (command === 'NICK') {
      const known = [...this.#nicks].find(([, held]) => folded(held) === folded(nick));
      if (known !== undefined) this.#nicks.set(known[0], params[0] ?? nick);
    } else if (command === 'PRIVMSG') this.#learn(account, nick);
  }

  clear(): void {
    this.#nicks.clear();
  }

  #learn(account: string | undefined, nick: string | undefined): void {
    if (account === undefined || nick === undefined || nick === '' || !isAccount(account)) return;
    const [oldest] = this.#nicks.keys();
    if (this.#nicks.size >= MOST && oldest !== undefined) this.#nicks.delete(oldest);
    this.#nicks.set(folded(account), nick);
  }

  #forget(nick: string): void {
    for (const [account, held] of this.#nicks) if (folded(held) === folded(nick)) this.#nicks.delete(account);
  }
}

/** `*`, `0` and nothing stand for somebody who is not logged in. Pure. */
export const isAccount = (account: string): boolean => !['', '*', '0'].includes(account);
