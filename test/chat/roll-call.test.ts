import { describe, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { tellAlone } from '../../src/chat/tell-alone.js';
import { sqliteCursors } from '../../src/chat/sqlite/sqlite-cursors.js';
import { type Millis, MINUTE, plus } from '../../src/domain/instant.js';
import { role } from '../../src/domain/names.js';
import type { Message } from '../../src/chat/message.js';
import { decideGate } from '../../src/runner/decide-gate.js';
import { evolve, foldRun } from '../../src/runner/evolve.js';
import type { RunState } from '../../src/runner/run-state.js';
import { runLines } from '../../src/chat/run-lines.js';
import { FullHouse } from '../support/full-house.js';
import { messageText } from '../support/message-text.js';
import { lineProtocol, PaperChannel } from '../support/paper-channel.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startTelling } from '../support/told-run.js';
import { inBothChats } from '../support/two-chats.js';

/** GO of three roles before maintenance is stopped. */
const threeRoles = inBothChats((config: Config) => ({
  ...config,
  gates: {
    ...config.gates,
    '1': {
      ...config.gates['1'],
      approvals: 3,
      needs: [role('service-operations'), role('dba'), role('traffic')],
    },
  },
}));

const phaseGate = ({ gates }: RunState) => gates.find(({ for: about }) => about.kind === 'phase');

async function atTheGate(full: FullHouse): Promise<number> {
  const run = await full.start();
  await full.order('bob', `approve ${run}`);
  await full.order('carol', `approve ${run}`);
  await full.helped(run, (state) => phaseGate(state) !== undefined);
  return run;
}

const mentions = (message: Message): string[] =>
  message.blocks.flatMap((block) =>
    block.kind === 'paragraph'
      ? block.spans.flatMap((span) => (typeof span !== 'string' && 'mention' in span ? [span.mention] : []))
      : [],
  );

describe('a roll call', () => {
  test('names the roles, shows who has answered, reminds, calls by name, writes to each alone, then holds', async () => {
    await using full = await FullHouse.fresh({ config: threeRoles });
    const paper = new PaperChannel('irc', lineProtocol);
    paper.absent = ['irc:dan'];
    const telling = startTelling(full, paper);
    const alone = new AbortController();
    const calling = tellAlone(
      {
        journal: full.house.journal,
        cursors: sqliteCursors(full.files.records),
        clock: full.house.clock,
        platform: paper,
        crowd: full.house.directory,
        personNamed: (name) => full.house.directory.personNamed(name),
        stateOf: async (id) => (await full.house.runner.view(id))?.state,
        trouble: (text) => telling.troubles.push(text),
      },
      alone.signal,
    ).catch(() => undefined);
    const run = await atTheGate(full);
    await full.order('carol', `go ${run}`);
    await full.until(run, ({ hold }) => hold !== undefined);
    await paper.until((texts) => texts.some((text) => text.includes('no answer in time')));
    await telling.stop();
    alone.abort();
    await calling;
    expect(telling.troubles).toEqual([]);
    const gate = paper.messages.filter(({ message }) => messageText(message).includes('GO/NOGO for phase 1'));
    const inChannel = gate.filter(({ to }) => to.channel === '#ops').map(({ message }) => message);
    expect(inChannel.map((message) => messageText(message).replace(/ \(in .*?\)/, ''))).toEqual([
      expect.stringMatching(
        /needs 3 GO .*among them a service-operations, a dba and a traffic.*Roll call: service-operations: missing; dba: missing; traffic: missing/,
      ),
      expect.stringMatching(
        /^run 1: .* still missing: a service-operations and a traffic; it ends at .* go 1 or nogo 1$/,
      ),
      expect.stringMatching(/^bob, dan: run 1: .* still missing: a service-operations and a traffic/),
      expect.stringMatching(/I write to bob and dan directly$/),
      expect.stringMatching(/^alice: run 1: GO\/NOGO for phase 1: EXPIRED — no answer in time/),
    ]);
    expect(inChannel.map(mentions)).toEqual([[], [], ['bob', 'dan'], [], ['alice']]);
    expect(paper.texts()).toContainEqual(
      expect.stringMatching(/^run 1: GO from carol — still missing: a service-operations and a traffic$/),
    );
    // carol has answered, and dan is not there.
    const direct = gate.filter(({ to }) => to.channel !== '#ops');
    expect(direct.map(({ to, message }) => `${to.channel} ${messageText(message)}`)).toEqual([
      expect.stringMatching(/^irc:bob Your answer is missing: run 1 .*"command":"go 1"/),
    ]);
  });

  test('a process that begins anew repeats none of it, and one that comes late tells only the loudest', async () => {
    using folder = temporaryFolder();
    const first = await FullHouse.open(folder.path, { config: threeRoles });
    const run = await atTheGate(first);
    await first.until(run, (state) => phaseGate(state)?.reminded === 'again');
    first.die();
    const second = await FullHouse.open(folder.path, { config: threeRoles });
    await second.takeUp();
    await second.until(run, (state) => phaseGate(state)?.reminded === 'direct');
    const reminders = (await second.entries(run)).flatMap(({ entry }) =>
      entry.kind === 'gate-reminded' ? [entry.how] : [],
    );
    await second.close();
    expect(reminders).toEqual(['again', 'mention', 'direct']);
  });

  test.each<[Millis, string[]]>([
    [4 * MINUTE, []],
    [6 * MINUTE, ['again']],
    [11 * MINUTE, ['mention']],
    [20 * MINUTE, ['direct']],
  ])('after %i ms without a process: %j', async (late, expected) => {
    await using full = await FullHouse.fresh({ config: threeRoles });
    const gate = phaseGate(await full.state(await atTheGate(full)));
    if (gate === undefined) throw new Error('no gate');
    const now = plus(gate.openedAt, late);
    const said = decideGate(gate, now, true).flatMap((intent) =>
      intent.kind === 'append' && intent.entry.kind === 'gate-reminded' ? [intent.entry.how] : [],
    );
    expect(said).toEqual(expected);
    // A run on hold calls nobody.
    expect(decideGate(gate, now, false)).toEqual([{ kind: 'wait', until: gate.expiresAt }]);
  });
});

test('the operator is called when, and only when, the run begins to wait for them', async () => {
  await using full = await FullHouse.fresh({ config: threeRoles });
  const run = await full.start();
  await full.helped(run);
  const { run: prepared } = await full.view(run);
  const entries = await full.entries(run);
  let before: RunState | undefined;
  const called: string[] = [];
  for (const recorded of entries) {
    const state = evolve(before, recorded);
    const lines = runLines(before, { run: prepared, state }, recorded, [], full.house.directory);
    if (lines.some((line) => mentions(line).includes('alice')))
      called.push(`${recorded.entry.kind} ${'task' in recorded.entry ? recorded.entry.task : ''}`);
    before = state;
  }
  const asked = entries.flatMap(({ entry }) =>
    entry.kind === 'task-asked' && entry.of === 'operator' ? [`task-asked ${entry.task}`] : [],
  );
  expect(asked.length).toBeGreaterThan(0);
  expect(called).toEqual(asked);
});

test('whoever takes a run over is announced with a call to the one who ran it, and logged', async () => {
  await using full = await FullHouse.fresh({ config: threeRoles, sal: true });
  const run = await full.start();
  await full.order('bob', `take ${run}`);
  const recorded = (await full.entries(run)).find(({ entry }) => entry.kind === 'operator-changed');
  const entries = await full.entries(run);
  const before = foldRun(entries.filter(({ seq }) => seq < recorded!.seq));
  const { run: prepared } = await full.view(run);
  const lines = runLines(before, { run: prepared, state: evolve(before, recorded!) }, recorded!, []);
  expect(lines.map(messageText)).toEqual(['run 1: bob runs it now, in the place of alice']);
  expect(lines.map(mentions)).toEqual([['alice']]);
  await full.logged();
  expect((await full.sal()).map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^OPERATOR - .*: bob takes over/),
  );
});
