import { createServer, type IncomingMessage as HttpRequest, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SlackPerson } from './slack-person.js';
import { SocketMode, type SocketTimes } from './socket-mode.js';
import { bodyOf, WebApi } from './web-api.js';
import { type SlackChannel, type SlackMessage, type SlackUser, Workspace } from './workspace.js';

export interface StandInOptions {
  /** 0: one that the system chooses. */
  readonly port?: number;
  /** Scopes of the bot's token, as in the app's manifest. */
  readonly scopes: readonly string[];
  readonly times?: SocketTimes;
}

/** What came to a `response_url`. */
export interface Response {
  readonly user: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Slack as an app sees it: there is no server to install, so this speaks its wire protocol, and refuses whatever Slack
 * would refuse. The real client library talks to it.
 */
export class SlackStandIn implements AsyncDisposable {
  readonly tokens = { bot: 'xoxb-planted-bot-secret', app: 'xapp-planted-app-secret' };
  readonly responses: Response[] = [];
  readonly world = new Workspace();
  readonly socket: SocketMode;
  readonly web: WebApi;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #port: number;

  private constructor({ port = 0, scopes, times }: StandInOptions) {
    this.#port = port;
    this.socket = new SocketMode(times ?? { ackWithin: 3_000, again: [0, 60_000, 300_000] });
    this.web = new WebApi({
      world: this.world,
      tokens: this.tokens,
      scopes: new Set(scopes),
      openSocket: () => ({ url: `ws://127.0.0.1:${this.#port}/link/?ticket=${this.socket.ticket()}` }),
    });
    this.#server.on('upgrade', (request, socket, head) => this.socket.upgrade(request, socket, head));
  }

  static async open(options: StandInOptions): Promise<SlackStandIn> {
    const standIn = new SlackStandIn(options);
    await standIn.up();
    return standIn;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get apiUrl(): string {
    return `${this.origin}/api/`;
  }

  /** Listens, again at the same port after `down`. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** As if Slack were not there. */
  async down(): Promise<void> {
    this.socket.cut();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  channel(name: string, kind: SlackChannel['kind'] = 'public', hasBot = true): string {
    return this.world.addChannel(name, kind, hasBot).id;
  }

  person(name: string, kind: SlackUser['kind'] = 'member', team = this.world.team): SlackPerson {
    return new SlackPerson(this.world, this.socket, this.origin, this.world.addUser(name, kind, team));
  }

  directWith(person: SlackPerson): string {
    return this.world.directWith(person.user).id;
  }

  /** What the bot said in a channel, threads included. */
  bySwitchdc(channel: string): readonly SlackMessage[] {
    return this.world.messages(channel).filter(({ byBot }) => byBot);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close();
    if (this.#server.listening) await this.down();
  }

  async #serve(request: HttpRequest, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.origin);
    const method = /^\/api\/([\w.]+)$/.exec(pathname)?.[1];
    const responder = /^\/(?:commands|actions)\/(\w+)$/.exec(pathname)?.[1];
    if (method !== undefined) await this.web.serve(method, request, response);
    else if (responder !== undefined) {
      const body = JSON.parse(await bodyOf(request)) as Readonly<Record<string, unknown>>;
      this.responses.push({ user: responder, body });
      response.end('ok');
    } else response.writeHead(404).end();
  }
}
