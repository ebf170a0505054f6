import { randomUUID } from 'node:crypto';
import type { Reply } from '../../src/chat/command.js';
import type { House } from '../../src/compose/house.js';
import { salContext } from '../../src/compose/sal-context.js';
import type { Recorded, RunId } from '../../src/runner/journal.js';
import type { PreparedRun } from '../../src/runner/prepared-run.js';
import type { RunState } from '../../src/runner/run-state.js';
import type { SalEntry } from '../../src/sal/entry.js';
import { followJournal } from '../../src/sal/follower.js';
import { messageText } from './message-text.js';

/** The whole house as it is composed for the service, in this process: what people say to it, and what it has on record. */
export class ToldHouse {
  protected readonly stop = new AbortController();
  readonly #life = randomUUID();
  #said = 0;

  protected constructor(
    readonly house: House,
    readonly troubles: string[],
  ) {}

  /** Somebody says a line, and is answered. */
  say(name: string, line: string): Promise<Reply> {
    this.#said += 1;
    return this.house.router.answer(line, {
      identity: { kind: 'practice', name },
      chat: 'terminal/#operations',
      messageId: `${this.#life}/${this.#said}`,
    });
  }

  /** Says what must be answered well. */
  async order(name: string, line: string): Promise<Reply> {
    const reply = await this.say(name, line);
    if (reply.status !== 'ok') throw new Error(`${name}: ${line}: ${messageText(reply.message)}`);
    return reply;
  }

  /** The words of the answer, whatever its status. */
  async asked(name: string, line: string): Promise<string> {
    const { status, message } = await this.say(name, line);
    return `${status}: ${messageText(message)}`;
  }

  /** alice asks for a run. */
  async start(words = ''): Promise<RunId> {
    const { data } = await this.order('alice', startLine(words));
    return (data as { run: RunId }).run;
  }

  async view(run: RunId): Promise<{ run: PreparedRun; state: RunState }> {
    const view = await this.house.runner.view(run);
    if (view === undefined) throw new Error(`there is no run ${run}`);
    return view;
  }

  async state(run: RunId): Promise<RunState> {
    return (await this.view(run)).state;
  }

  entries(run: RunId): Promise<Recorded[]> {
    return this.house.journal.read(run);
  }

  sal(): Promise<SalEntry[]> {
    return this.house.sal.find({ limit: 1_000 });
  }

  /** Takes up what an earlier process left. */
  async takeUp(): Promise<void> {
    for (const run of await this.house.runner.unfinished())
      this.house.runner.drive(run).catch((error: unknown) => this.troubles.push(String(error)));
  }

  /** The position of the newest entry of the journal. */
  protected async newest(): Promise<number> {
    return (await this.house.journal.after(0, Number.MAX_SAFE_INTEGER)).at(-1)?.position ?? 0;
  }

  /** Has the log follow the journal until the house is closed. */
  protected followed(): Promise<void> {
    const { house } = this;
    return followJournal(
      {
        journal: house.journal,
        log: house.sal,
        project: 'production',
        contextOf: (request) => salContext(house, request),
        logged: () => undefined,
      },
      this.stop.signal,
    ).catch((error: unknown) => {
      this.troubles.push(`the log: ${String(error)}`);
    });
  }
}

/** What alice says to ask for a run. */
export function startLine(words: string): string {
  const task = words.includes('--dry-run') ? '' : '--task T12345';
  return `start ${task} ${words}`.trimEnd();
}
