import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Acknowledged, type Edit, isAcknowledged, outcomeOf } from './wiki/edit.js';
import { type WikiAnswer, WikiSession, bodyOf } from './wiki/wiki-session.js';

export interface EditorsOptions {
  /** `http://host:port` of app servers; the editors of a datacenter take its servers in turn. */
  readonly appServers: readonly { readonly datacenter: string; readonly url: string }[];
  readonly bot: { readonly user: string; readonly password: string };
  /** 1 unless told. */
  readonly perDatacenter?: number;
  /** Milliseconds between an answer and the next edit; 0 unless told. */
  readonly pause?: number;
  /** Milliseconds that an answer may take; 10 s unless told. */
  readonly patience?: number;
}

export interface EditsFound {
  readonly acknowledged: number;
  /** Acknowledged, and not in the history of their page. */
  readonly lost: readonly Edit[];
  /** Refused, and saved all the same. */
  readonly savedThoughRefused: readonly Edit[];
}

/** A pause after an answer that was not a success, so that a wiki in trouble is not flooded, in milliseconds. */
const PAUSE_AFTER_TROUBLE = 50;

/**
 * Editors who write to the wiki without pause, in every datacenter, each to a page of their own, and note what became of
 * each edit. They log in at once: in read-only times nobody can.
 */
export async function openEditors(options: EditorsOptions): Promise<Editors> {
  const { appServers, bot, perDatacenter = 1, patience = 10_000 } = options;
  const run = randomBytes(4).toString('hex');
  const datacenters = [...new Set(appServers.map(({ datacenter }) => datacenter))];
  const desks = datacenters.flatMap((datacenter) =>
    Array.from({ length: perDatacenter }, (_, index): Desk => ({
      datacenter,
      servers: appServers.filter((server) => server.datacenter === datacenter).map(({ url }) => url),
      name: `${run}-${datacenter}-${index + 1}`,
      session: new WikiSession(patience),
      logIn: (session, server) => session.logIn(server, bot.user, bot.password),
    })),
  );
  await Promise.all(desks.map(({ session, servers: [server = ''], logIn }) => logIn(session, server)));
  return new Editors(desks, options.pause ?? 0);
}

interface Desk {
  readonly datacenter: string;
  readonly servers: readonly string[];
  /** Also of the page. */
  readonly name: string;
  readonly session: WikiSession;
  readonly logIn: (session: WikiSession, server: string) => Promise<void>;
}

export class Editors implements AsyncDisposable {
  /** In the order in which they were answered. */
  readonly edits: Edit[] = [];
  #work: Promise<unknown> | undefined;
  #stopped = false;
  #sent = 0;

  constructor(
    private readonly desks: readonly Desk[],
    private readonly pause: number,
  ) {}

  start(): void {
    if (this.#work !== undefined) return;
    this.#stopped = false;
    this.#work = Promise.all(this.desks.map((desk) => this.#write(desk)));
  }

  /** Waits for the answers to what was sent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#work;
    this.#work = undefined;
  }

  acknowledged(): (Edit & { readonly outcome: Acknowledged })[] {
    return this.edits.filter((edit) => isAcknowledged(edit));
  }

  /** Looks for every edit in the history of its page, as an app server (of the new primary) shows it. */
  async verify(server: string): Promise<EditsFound> {
    const histories = await Promise.all(this.desks.map(({ name }) => historyOf(server, name)));
    const saved = new Map(histories.flat());
    const acknowledged = this.acknowledged();
    return {
      acknowledged: acknowledged.length,
      lost: acknowledged.filter(({ marker, outcome }) => saved.get(marker) !== outcome.revision),
      savedThoughRefused: this.edits.filter(
        ({ outcome, marker }) => outcome.kind === 'refused' && saved.has(marker),
      ),
    };
  }

  /** The longest time, in milliseconds, in which no edit was acknowledged between two that were. */
  longestGap(): number {
    const times = this.acknowledged().map(({ answeredAt }) => answeredAt);
    return times.reduce((longest, time, index) => Math.max(longest, time - (times[index - 1] ?? time)), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #write(desk: Desk): Promise<void> {
    let base: number | undefined;
    for (let turn = 0; !this.#stopped; turn += 1) {
      const server = desk.servers[turn % desk.servers.length] ?? '';
      const edit = await save(desk, server, `${desk.name}-${(this.#sent += 1)}`, base);
      this.edits.push(edit);
      // After an answer that does not tell whether it was saved the base is not known; nobody else edits the page.
      if (edit.outcome.kind !== 'refused') base = undefined;
      if (edit.outcome.kind === 'acknowledged') base = edit.outcome.revision;
      await sleep(edit.outcome.kind === 'acknowledged' ? this.pause : PAUSE_AFTER_TROUBLE);
    }
  }
}

/** `baserevid` alone: with `basetimestamp` the wiki does not tell two sessions of one account from each other. */
async function save(desk: Desk, server: string, marker: string, base: number | undefined): Promise<Edit> {
  const sentAt = Date.now();
  const answer = await desk.session.ask(server, {
    action: 'edit',
    title: pageOf(desk.name),
    text: marker,
    summary: marker,
    bot: '1',
    assert: 'bot',
    token: desk.session.token,
    ...(base === undefined ? {} : { baserevid: String(base) }),
  });
  const outcome = outcomeOf(answer);
  const answeredAt = Date.now();
  if (isLoggedOut(answer)) await desk.logIn(desk.session, server).catch(() => undefined);
  return { marker, datacenter: desk.datacenter, server, sentAt, answeredAt, outcome };
}

const pageOf = (editor: string): string => `Editor ${editor}`;

const isLoggedOut = (answer: WikiAnswer): boolean =>
  answer.kind === 'answer' &&
  ['badtoken', 'assertbotfailed', 'assertuserfailed'].includes(answer.body.error?.code ?? '');

/** The markers in the history of an editor's page, and their revisions. */
async function historyOf(server: string, editor: string): Promise<(readonly [string, number])[]> {
  const session = new WikiSession(30_000);
  const found: (readonly [string, number])[] = [];
  let more: Readonly<Record<string, string>> | undefined = {};
  while (more !== undefined) {
    const body = bodyOf(
      await session.ask(server, {
        ...{ action: 'query', prop: 'revisions', titles: pageOf(editor) },
        ...{ rvprop: 'ids|comment', rvlimit: 'max', ...more },
      }),
    );
    if (body.error !== undefined) throw new Error(`${server}: ${body.error.info}`);
    for (const { revisions = [] } of body.query?.pages ?? [])
      found.push(...revisions.map(({ revid, comment }) => [comment, revid] as const));
    more = body.continue;
  }
  return found;
}
