import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { IrcClient } from '../../lab/irc/irc-client.js';
import type { SlackMessage } from '../../lab/slack/workspace.js';
import { TcpProxy } from '../../lab/tcp-proxy.js';
import { withoutFormats } from '../../src/chat/irc/rich-text.js';
import { inChannel, personWith } from '../chat/irc/support.js';
import { BOB, type ChatGround, chatGround, COMMUNITY, OPERATIONS } from '../support/chat-ground.js';
import { eventually } from '../support/eventually.js';
import { RunningService } from '../support/running-service.js';
import { switchdc } from '../support/switchdc.js';

let ground: ChatGround;
beforeAll(async () => {
  ground = await chatGround();
}, 60_000);
afterAll(async () => ground[Symbol.asyncDispose]());

/** bob at his client, also after he had to connect again: he answers what the run asks for. */
class Bob implements AsyncDisposable {
  readonly #earlier: string[] = [];
  #done = new Set<string>();
  #client: IrcClient | undefined;
  #answers: NodeJS.Timeout | undefined;

  async comes(): Promise<void> {
    await eventually(() => ground.irc.services.isLinked(), 'people can log in', 30_000);
    this.#client = await personWith(ground.irc.ircd.port, 'bobby', BOB);
    await this.#client.joins(COMMUNITY);
  }

  goes(): void {
    this.#earlier.push(...this.#said(OPERATIONS));
    this.#client = undefined;
  }

  get client(): IrcClient {
    if (this.#client === undefined) throw new Error('bob is not there');
    return this.#client;
  }

  /**
   * Everything that the bot has ever said to him in the channel of the operators. What was on its way when the server
   * died may have arrived: it is said again and says so, and here it counts once.
   */
  get heard(): readonly string[] {
    const all = [...this.#earlier, ...this.#said(OPERATIONS)];
    const first = all.filter((line) => !line.includes('(again) ')).map(plain);
    return all.filter((line) => !line.includes('(again) ') || !first.includes(plain(line)));
  }

  get community(): readonly string[] {
    return this.#said(COMMUNITY);
  }

  says(text: string): void {
    this.client.says(OPERATIONS, text);
  }

  async hears(words: RegExp, within = 90_000): Promise<void> {
    const isHeard = (): boolean => this.heard.some((line) => words.test(line));
    await eventually(isHeard, `bob hears ${String(words)}`, within).catch((error: unknown) => {
      throw new Error(`bob has heard:\n${this.heard.join('\n')}`, { cause: error });
    });
  }

  /** Says `go` to every gate as it is asked; alice says in Slack that what people were asked to do is done. */
  helps(): void {
    this.#answers = setInterval(() => {
      if (this.#client === undefined) return;
      for (const [index, line] of this.heard.entries())
        for (const [, command = ''] of line.matchAll(/`!switchdc ((?:done \S+|go 1))`/g)) {
          const gate = command === 'go 1' ? `${command} at ${index}` : command;
          if (this.#done.has(gate)) continue;
          this.#done.add(gate);
          if (command === 'go 1') this.says(`!switchdc ${command}`);
          else ground.alice.says(ground.channel, `!switchdc ${command}`);
        }
    }, 50);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#answers);
    await this.#client?.[Symbol.asyncDispose]();
  }

  #said(channel: string): readonly string[] {
    return (this.#client?.saidBy('switchdc', channel) ?? []).map(withoutFormats);
  }
}

/** The tasks that were said to have ended, in the order in which it was said. */
const endings = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) =>
    [...text.matchAll(/(\d\d-[a-z-]+) (?:observed|confirmed|passed over)\b/g)].map(([, task = '']) => task),
  );

/** Without what is put before a line that is late. */
const plain = (line: string): string => line.replace(/\[\d\d:\d\d:\d\d\] |\(again\) /g, '');

const deliveryOf = ({ metadata, ts }: SlackMessage): string =>
  JSON.stringify((metadata as { event_payload?: unknown } | undefined)?.event_payload ?? ts);

test('a switchover is followed in both chats to its end, whatever breaks on the way', async () => {
  const { irc, slack, channel, said } = ground;
  await using link = await TcpProxy.open(
    { host: '127.0.0.1', port: await irc.ground.ports.next() },
    { host: '127.0.0.1', port: irc.ircd.tlsPort },
  );
  const config = ground.configFile({ ircPort: link.port, settings: { simulation: { speed: 240 } } });
  const data = ground.folder('data');
  await using bob = new Bob();
  await bob.comes();
  {
    await using service = await RunningService.start(data, { config });
    await inChannel(bob.client);
    await eventually(() => slack.socket.connected > 0, 'Slack is connected', 8_000);
    service.child.stdin.end();

    // Asked for in Slack, approved in IRC and by a button in Slack, GO in IRC.
    ground.alice.says(channel, '!switchdc start mediawiki --task T12345');
    await eventually(() => /Run 1 mediawiki/.test(said()), 'the plan is shown in Slack', 20_000);
    bob.says('!switchdc approve 1');
    await eventually(() => /GO from bob/.test(said()), 'Slack hears of the GO in IRC', 20_000);
    const question = slack
      .bySwitchdc(channel)
      .find(({ blocks }) => JSON.stringify(blocks).includes('"Approve"'));
    ground.carol.clicks(channel, question?.ts ?? '', 'Approve');
    bob.helps();
    await bob.hears(/READ-ONLY starts at/);

    // In the middle of read-only the IRC server dies, and Slack is away, its socket cut.
    link.cut();
    await irc.ircd.server.kill();
    await slack.down();
    bob.goes();
    await irc.ircd.server.start();
    await bob.comes();
    link.mend();
    await slack.up();
    await bob.hears(/02-drain-edits observed/);
    await bob.hears(/04-depool-from observed/);

    // And then the bot.
    expect(await service.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
  }
  await using service = await RunningService.start(data, { config });
  service.child.stdin.end();
  await bob.hears(/Run 1: PASS/, 90_000);
  // Slack takes a message a second, and most of this run was over in seconds.
  await eventually(() => /Run 1: PASS/.test(said()), 'Slack hears of the end', 120_000);
  service.child.kill('SIGTERM');
  expect(await service.end()).toMatchObject({ code: 0 });

  // Complete and in order, in both.
  const asked = ['--json', '--data', data, '--config', config];
  const report = JSON.parse((await switchdc(['report', '1', ...asked])).stdout) as {
    phases: { tasks: { id: string }[] }[];
  };
  expect(report).toMatchObject({ result: 'PASS', hold: null });
  const log = JSON.parse((await switchdc(['sal', '--run', '1', '--limit', '500', ...asked])).stdout) as {
    message: string;
  }[];
  const logged = log.flatMap(({ message }) => /^END .* (\d\d-[a-z-]+)/.exec(message)?.[1] ?? []).reverse();
  const inSlack = slack.bySwitchdc(channel);
  const told = endings(bob.heard);
  expect([...told].sort()).toEqual(report.phases.flatMap((phase) => phase.tasks.map(({ id }) => id)).sort());
  expect(told.filter((task) => logged.includes(task))).toEqual(logged);
  expect(endings(inSlack.map(({ text }) => text))).toEqual(told);
  for (const words of [/READ-ONLY starts at/, /READ-ONLY ends at/, /Run 1: PASS/]) {
    expect(bob.heard.filter((line) => words.test(line))).toHaveLength(1);
    expect(inSlack.filter(({ text }) => words.test(text))).toHaveLength(1);
  }

  // Nothing was told twice, and the run has one message in Slack that shows how it ended.
  const lines = bob.heard.map(plain).filter((line) => /^run 1/i.test(line));
  const twice = lines.filter((line, index) => lines.indexOf(line) !== index);
  // There were two gates, and bob said GO at each.
  expect(twice.sort()).toEqual(['Run 1: counted, and that is enough.', 'run 1: GO from bob']);
  const deliveries = inSlack.map(deliveryOf);
  expect(deliveries.filter((one, index) => deliveries.indexOf(one) !== index)).toEqual([]);
  const boards = inSlack.filter(({ text }) => /41\/41 · PASS/.test(text));
  expect(boards).toHaveLength(1);
  expect(boards[0]?.before.length).toBeGreaterThan(10);

  // The community is told in its own words.
  expect(bob.community.join('\n')).not.toMatch(/\d\d-[a-z]+-|phase/);
  expect(bob.community.join('\n')).toMatch(/edit/i);
}, 400_000);
