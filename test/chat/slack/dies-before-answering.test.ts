import { expect, test } from '@jest/globals';
import { converse } from '../../../src/chat/converse.js';
import type { Config } from '../../../src/config/config.js';
import { embeddedDefaults } from '../../../src/config/embedded-defaults.js';
import { instant, type Instant } from '../../../src/domain/instant.js';
import { fastClock } from '../../../src/simulation/fast-clock.js';
import { eventually } from '../../support/eventually.js';
import { BEGINNING, FullHouse } from '../../support/full-house.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { shownText, type SlackWorld, withSlack } from './support.js';

/** The embedded configuration, with everybody in the stand-in's workspace. */
function peopleInSlack(team: string): Config {
  const config = embeddedDefaults('somebody');
  const people = config.people.map((one) => ({
    ...one,
    identities: [{ kind: 'slack', team, user: `U0${one.name.toUpperCase()}` } as const],
  }));
  return { ...config, people };
}

/** One process of the service as far as Slack goes: the house and the chat, on one data directory. */
class Service implements AsyncDisposable {
  readonly #over = new AbortController();
  #chat: AsyncDisposable | undefined;
  #talk = Promise.resolve();
  #isAlive = true;

  private constructor(readonly full: FullHouse) {}

  static async begin(folder: string, world: SlackWorld, at: Instant = BEGINNING): Promise<Service> {
    // What waits for sockets must not jump over the deadlines of people.
    const clock = fastClock(at, { jumps: false });
    const full = await FullHouse.open(folder, { clock, config: peopleInSlack(world.slack.world.team) });
    await full.takeUp();
    return new Service(full);
  }

  async answers(world: SlackWorld): Promise<void> {
    const chat = await world.openUnread({ database: this.full.files.records });
    const { router } = this.full.house;
    this.#chat = chat;
    this.#talk = converse(
      { platform: chat, router, atOnce: 4, notDelivered: () => undefined },
      this.#over.signal,
    );
    await eventually(() => chat.connected(), 'Slack is connected');
  }

  /** Resolves once it is so; the house's own time passes meanwhile. */
  async until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const { clock } = this.full;
    await eventually(async () => {
      await clock.advance(10);
      return isSo();
    }, what);
  }

  async kinds(run: number, kind: string): Promise<number> {
    return (await this.full.entries(run)).filter(({ entry }) => entry.kind === kind).length;
  }

  /** The process is gone; what it was about to say is never said. */
  async dies(): Promise<Instant> {
    this.#over.abort(new Error('the process dies'));
    await this.#chat?.[Symbol.asyncDispose]();
    await this.#talk;
    if (this.#isAlive) this.full.die();
    this.#isAlive = false;
    return instant(this.full.now() + 2_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dies();
  }
}

const answers = ({ slack, operations }: SlackWorld): readonly string[] =>
  slack.bySwitchdc(operations).map(shownText);

/** No answer of a process comes through until it is over. */
async function withoutAnswers<T>({ slack }: SlackWorld, during: () => Promise<T>): Promise<T> {
  const method = 'chat.postMessage';
  slack.web.expect({ method, times: Infinity, with: { kind: 'no-answer', obeyed: false } });
  const result = await during();
  slack.web.behave();
  return result;
}

const hasTriedToAnswer = ({ slack }: SlackWorld): boolean =>
  slack.web.calls.some(({ method, answered }) => method === 'chat.postMessage' && answered === 'no answer');

/** Says one line more and waits for its answer: whatever was to be answered before it is answered by then. */
async function settle(service: Service, world: SlackWorld): Promise<void> {
  world.slack.person('bob').says(world.operations, '!switchdc whoami');
  await service.until(() => answers(world).some((text) => text.startsWith('You are bob')), 'bob is answered');
}

test('a run that was asked for just before the process died is one run, and is answered with its plan once', () =>
  withSlack(async (world) => {
    using folder = temporaryFolder();
    await using first = await Service.begin(folder.path, world);
    await first.answers(world);
    const alice = world.slack.person('alice');
    const at = await withoutAnswers(world, async () => {
      alice.says(world.operations, '!switchdc start --task T12345');
      await first.until(() => hasTriedToAnswer(world), 'an answer is tried');
      expect(await first.kinds(1, 'run-requested')).toBe(1);
      return first.dies();
    });
    expect(answers(world)).toEqual([]);

    await using next = await Service.begin(folder.path, world, at);
    await next.answers(world);
    await next.until(() => answers(world).length > 0, 'alice is answered');
    await settle(next, world);
    expect(answers(world).filter((text) => /^Run \d+ mediawiki .* needs 2 GO/.test(text))).toHaveLength(1);
    expect(answers(world)[0]).toMatch(/^Run 1 mediawiki/);
    expect(await next.full.house.journal.runs(9)).toEqual([1]);
  }));

test('a hold whose answer was lost with the process is not repeated over the resume that came since', () =>
  withSlack(async (world) => {
    using folder = temporaryFolder();
    await using first = await Service.begin(folder.path, world);
    await first.answers(world);
    const alice = world.slack.person('alice');
    alice.says(world.operations, '!switchdc start --task T12345');
    await first.until(() => answers(world).length > 0, 'the plan is shown');
    const at = await withoutAnswers(world, async () => {
      alice.says(world.operations, '!switchdc hold 1 --reason lunch');
      await first.until(() => hasTriedToAnswer(world), 'an answer is tried');
      return first.dies();
    });

    await using next = await Service.begin(folder.path, world, at);
    await next.full.order('alice', 'resume 1');
    await next.answers(world);
    await next.until(() => answers(world).some((text) => text.startsWith('Run 1: what is')), 'the answer');
    await settle(next, world);
    expect(answers(world).filter((text) => text.startsWith('Run 1: what is running ends'))).toHaveLength(1);
    expect([await next.kinds(1, 'run-held'), await next.kinds(1, 'run-resumed')]).toEqual([1, 1]);
    expect((await next.full.state(1)).hold).toBeUndefined();
  }));
