/** An answer of the wiki's API, or why there is none. Errors of the API come with HTTP 200. */
export type WikiAnswer =
  | { readonly kind: 'answer'; readonly body: WikiBody }
  | { readonly kind: 'http'; readonly status: number; readonly text: string }
  | { readonly kind: 'none'; readonly because: string };

/** What is read of an answer here; the wiki is our own, so its shape is known. */
export interface WikiBody {
  readonly error?: { readonly code: string; readonly info: string; readonly readonlyreason?: string };
  readonly edit?: { readonly result: string; readonly newrevid?: number };
  readonly login?: { readonly result: string; readonly reason?: unknown };
  readonly query?: {
    readonly tokens?: { readonly logintoken?: string; readonly csrftoken?: string };
    readonly pages?: readonly {
      readonly revisions?: readonly { readonly revid: number; readonly comment: string }[];
    }[];
  };
  readonly continue?: Readonly<Record<string, string>>;
}

/**
 * A program that talks to the wiki's API with the cookies of one login. The app servers share their sessions, so it may
 * ask any of them after it has logged in at one; that cannot be done while the wiki is read-only.
 */
export class WikiSession {
  readonly #cookies = new Map<string, string>();
  #token = '';

  /** Milliseconds that an answer may take. */
  constructor(private readonly patience: number) {}

  /** What an edit has to carry; empty before the login. */
  get token(): string {
    return this.#token;
  }

  async logIn(server: string, name: string, password: string): Promise<void> {
    // With the cookies of an earlier login it would be refused.
    this.#cookies.clear();
    const first = await this.ask(server, { action: 'query', meta: 'tokens', type: 'login' });
    const lgtoken = bodyOf(first).query?.tokens?.logintoken ?? '';
    const done = await this.ask(server, { action: 'login', lgname: name, lgpassword: password, lgtoken });
    if (bodyOf(done).login?.result !== 'Success')
      throw new Error(`${name} cannot log in at ${server}: ${JSON.stringify(bodyOf(done))}`);
    const tokens = await this.ask(server, { action: 'query', meta: 'tokens' });
    this.#token = bodyOf(tokens).query?.tokens?.csrftoken ?? '';
  }

  /** Never throws. */
  async ask(server: string, question: Readonly<Record<string, string>>): Promise<WikiAnswer> {
    try {
      const response = await fetch(`${server}/api.php`, {
        method: 'POST',
        body: new URLSearchParams({ ...question, format: 'json', formatversion: '2' }),
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        redirect: 'manual',
        signal: AbortSignal.timeout(this.patience),
      });
      const text = await response.text();
      if (response.status !== 200) return { kind: 'http', status: response.status, text };
      this.#keep(response.headers.getSetCookie());
      return { kind: 'answer', body: JSON.parse(text) as WikiBody };
    } catch (error) {
      const { message, cause } = error as Error;
      return { kind: 'none', because: cause instanceof Error ? `${message}: ${cause.message}` : message };
    }
  }

  #keep(cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}

/** Throws where there is no answer. */
export function bodyOf(answer: WikiAnswer): WikiBody {
  if (answer.kind === 'answer') return answer.body;
  throw new Error(answer.kind === 'http' ? `HTTP ${answer.status}` : answer.because);
}
