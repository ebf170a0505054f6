import type { IncomingMessage as HttpRequest, ServerResponse } from 'node:http';
import { type Arguments, SlackRefusal, webMethods } from './web-methods.js';
import type { Workspace } from './workspace.js';

/** One call of the Web API as it came in, and how it was answered. */
export interface WebCall {
  readonly method: string;
  readonly args: Arguments;
  readonly at: number;
  /** `ok`, `ratelimited`, or the error. */
  readonly answered: string;
}

/** How the next calls of a method are answered instead of being obeyed. */
export interface Trouble {
  readonly method: string;
  /** Only for calls on this channel. */
  readonly channel?: string;
  readonly times: number;
  readonly with:
    | { readonly kind: 'rate-limit'; readonly retryAfter: number }
    | { readonly kind: 'refusal'; readonly code: string }
    | { readonly kind: 'status'; readonly status: number }
    /** `obeyed`: it is obeyed first, so that the caller cannot know. */
    | { readonly kind: 'no-answer'; readonly obeyed: boolean }
    /** The connection stays, and nothing comes. */
    | { readonly kind: 'silence' };
}

export interface WebApiParts {
  readonly world: Workspace;
  readonly tokens: { bot: string; app: string };
  readonly scopes: ReadonlySet<string>;
  /** Where a socket is to be opened; undefined refuses. */
  openSocket(): Record<string, unknown>;
}

/** The Web API: form-encoded calls, answered in JSON with status 200, or 429. */
export class WebApi {
  readonly calls: WebCall[] = [];
  /** Scopes that were needed by some call so far. */
  readonly scopesUsed = new Set<string>();
  readonly #troubles: { trouble: Trouble; left: number }[] = [];

  constructor(private readonly parts: WebApiParts) {}

  expect(trouble: Trouble): void {
    this.#troubles.push({ trouble, left: trouble.times });
  }

  /** Ends all troubles that were ordered. */
  behave(): void {
    this.#troubles.length = 0;
  }

  async serve(method: string, request: HttpRequest, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const type = request.headers['content-type'] ?? '';
    const args = Object.fromEntries(new URLSearchParams(body));
    const note = (answered: string): void => void this.calls.push({ method, args, at: Date.now(), answered });
    const trouble = this.#troubleFor(method, args);
    if (trouble?.kind === 'rate-limit') {
      note('ratelimited');
      response.writeHead(429, {
        'retry-after': String(trouble.retryAfter),
        'content-type': 'application/json',
      });
      response.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
      return;
    }
    if (trouble?.kind === 'status') {
      note(String(trouble.status));
      response.writeHead(trouble.status).end('upstream is away');
      return;
    }
    if (trouble?.kind === 'silence') {
      note('silence');
      return;
    }
    if (trouble?.kind === 'no-answer' && !trouble.obeyed) {
      note('no answer');
      request.socket.destroy();
      return;
    }
    let answer: Record<string, unknown>;
    try {
      if (request.method !== 'POST' || !type.startsWith('application/x-www-form-urlencoded'))
        throw new SlackRefusal('invalid_form_data', type);
      if (trouble?.kind === 'refusal') throw new SlackRefusal(trouble.code);
      answer = { ok: true, ...this.#obey(method, args, request.headers.authorization ?? '') };
      note('ok');
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      answer = {
        ok: false,
        error: error.code,
        response_metadata: { messages: [`[ERROR] ${error.message}`] },
      };
      note(error.message);
    }
    if (trouble?.kind === 'no-answer') request.socket.destroy();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #obey(name: string, args: Arguments, authorization: string): Record<string, unknown> {
    const { tokens, scopes, world } = this.parts;
    const token = /^Bearer (.+)$/.exec(authorization)?.[1];
    if (token === undefined) throw new SlackRefusal('not_authed');
    if ('token' in args) throw new SlackRefusal('invalid_auth', 'a token in the body');
    const isApp = name === 'apps.connections.open';
    const method = webMethods[name];
    if (!isApp && method === undefined) throw new SlackRefusal('unknown_method', name);
    if (token !== tokens.app && token !== tokens.bot) throw new SlackRefusal('invalid_auth');
    if (isApp !== (token === tokens.app)) throw new SlackRefusal('not_allowed_token_type');
    if (isApp) return this.parts.openSocket();
    if (method === undefined) throw new SlackRefusal('unknown_method', name);
    const unknown = Object.keys(args).filter((key) => !method.knows.includes(key));
    if (unknown.length > 0) throw new SlackRefusal('invalid_arguments', unknown.join(', '));
    for (const scope of method.scopes(world, args)) {
      if (!scopes.has(scope)) throw new SlackRefusal('missing_scope', scope);
      this.scopesUsed.add(scope);
    }
    return method.run(world, args);
  }

  #troubleFor(method: string, args: Arguments): Trouble['with'] | undefined {
    const found = this.#troubles.find(
      ({ trouble, left }) =>
        left > 0 &&
        trouble.method === method &&
        (trouble.channel === undefined || trouble.channel === args['channel']),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.trouble.with;
  }
}

export async function bodyOf(request: HttpRequest): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
