import type { Identity, Person } from '../../src/access/person.js';
import { converse } from '../../src/chat/converse.js';
import type { Reply } from '../../src/chat/command.js';
import type { ChatPlatform, IncomingMessage, PlatformName } from '../../src/chat/platform.js';
import type { Config } from '../../src/config/config.js';
import { embeddedDefaults } from '../../src/config/embedded-defaults.js';
import { explainError } from '../../src/domain/errors.js';
import { MINUTE } from '../../src/domain/instant.js';
import { person } from '../../src/domain/names.js';
import { type FastClock, fastClock } from '../../src/simulation/fast-clock.js';
import { eventually } from '../support/eventually.js';
import { BEGINNING, FullHouse } from '../support/full-house.js';

/** As in the service. */
const AT_ONCE = 4;

/** Milliseconds that pass where something waits for the house's own clock. */
const A_LITTLE = 100;

/** Known here, and allowed nothing but to look. */
const VIEWER = 'victor';

/** The embedded configuration, and somebody in it without a role. */
function withViewer(platform: PlatformName, identityOf: (name: string) => Identity): Config {
  const config = embeddedDefaults('somebody');
  const people = config.people.map((one): Person => ({ ...one, identities: [identityOf(one.name)] }));
  return {
    ...config,
    people: [...people, { name: person(VIEWER), roles: [], identities: [identityOf(VIEWER)] }],
    chat: {
      ...config.chat,
      destinations: config.chat.destinations.map((destination) => ({ ...destination, platform })),
    },
  };
}

/**
 * The whole house, spoken to through one chat as the service does it. Its own time passes only when it is told to, so
 * that it is known how many answers the rates allow.
 */
export class HostileHouse implements AsyncDisposable {
  readonly #over = new AbortController();
  readonly #marks = new Set<string>();
  readonly #answered = new Map<string, number>();
  readonly notDelivered: string[] = [];
  #heard = 0;
  /** How often time has passed so long that the house had forgotten all that was said before. */
  #pauses = 1;
  /** Minutes that passed besides. */
  #minutes = 0;
  #open = 0;
  #talk = Promise.resolve();

  private constructor(
    readonly full: FullHouse & AsyncDisposable,
    private readonly clock: FastClock,
  ) {}

  static async open(platform: PlatformName, identityOf: (name: string) => Identity): Promise<HostileHouse> {
    const clock = fastClock(BEGINNING, { jumps: false });
    return new HostileHouse(
      await FullHouse.fresh({ clock, config: withViewer(platform, identityOf) }),
      clock,
    );
  }

  /** Answers what is said there until the house is closed. */
  answers(platform: ChatPlatform): void {
    const conversation = {
      platform,
      router: { route: (incoming: IncomingMessage) => this.#route(incoming) },
      atOnce: AT_ONCE,
      notDelivered: (_: IncomingMessage, error: unknown) => void this.notDelivered.push(explainError(error)),
    };
    this.#talk = converse(conversation, this.#over.signal);
  }

  /** Lines that came through the chat, whether or not they were for us. */
  get heard(): number {
    return this.#heard;
  }

  /** Resolves once this very text has come through, the chat has nothing left, and what came is answered. */
  async heardUntil(mark: string, isEmpty = (): boolean => true): Promise<void> {
    // What waits for the house's own clock gets its time.
    const isDone = async (): Promise<boolean> => {
      if (this.#marks.has(mark) && isEmpty() && this.#open === 0) return true;
      if (this.#open > 0) await this.#passALittle();
      return false;
    };
    await eventually(isDone, `${mark} is heard`, 60_000);
  }

  /** A minute in which nobody speaks: all may ask as often as after a year. */
  async pause(): Promise<void> {
    this.#pauses += 1;
    await this.clock.advance(MINUTE);
  }

  /** From here on answers are counted, and what the rates allow. */
  countAnew(): void {
    this.#answered.clear();
    this.#pauses = 1;
    this.#minutes = 0;
  }

  /** Answers that were counted so far: to one person, or to all strangers together. */
  answersTo(name: string): number {
    return this.#answered.get(name) ?? 0;
  }

  /** The most answers that a person may have had by now: for looking, for writing, and the word that it was too much. */
  mostToOne(): number {
    const { burst, perMinute } = this.full.house.config.chat.rates.people;
    const toldAgain = (this.#minutes * perMinute) / (burst / 2);
    return 2 * (this.#pauses * (burst + 1) + this.#minutes * perMinute + toldAgain);
  }

  mostToStrangers(): number {
    const { burst, perMinute } = this.full.house.config.chat.rates.strangers;
    return this.#pauses * burst + this.#minutes * perMinute;
  }

  /** Everybody who is on record for having done something, in the journal or in the log. */
  async doers(): Promise<readonly string[]> {
    const { journal, sal } = this.full.house;
    const said = (await journal.after(0, Number.MAX_SAFE_INTEGER)).flatMap(({ entry }) =>
      'by' in entry && entry.by !== undefined ? [String(entry.by.person)] : [],
    );
    const logged = (await sal.find({ limit: 100_000 })).map(({ author }) => author);
    return [...new Set([...said, ...logged])];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort(new Error('the test is over'));
    await this.full[Symbol.asyncDispose]();
    await this.#talk;
  }

  async #route(incoming: IncomingMessage): Promise<Reply | undefined> {
    this.#heard += 1;
    this.#open += 1;
    try {
      const reply = await this.full.house.router.route(incoming);
      if (reply !== undefined) this.#count(incoming);
      return reply;
    } finally {
      this.#open -= 1;
      this.#marks.add(incoming.text);
    }
  }

  #count({ sender }: IncomingMessage): void {
    const name = this.full.house.directory.personOf(sender)?.name ?? 'strangers';
    this.#answered.set(name, this.answersTo(name) + 1);
  }

  async #passALittle(): Promise<void> {
    this.#minutes += A_LITTLE / MINUTE;
    await this.clock.advance(A_LITTLE);
  }
}
