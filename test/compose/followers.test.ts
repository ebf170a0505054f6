import { expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { startFollowers } from '../../src/compose/followers.js';
import { role } from '../../src/domain/names.js';
import type { RunState } from '../../src/runner/run-state.js';
import { eventually } from '../support/eventually.js';
import { FullHouse } from '../support/full-house.js';
import { messageText } from '../support/message-text.js';
import { lineProtocol, PaperChannel, withThreads } from '../support/paper-channel.js';
import { inBothChats } from '../support/two-chats.js';

/** Before maintenance is stopped somebody of each of two roles is asked; nobody answers. */
const twoRoles = inBothChats((config: Config) => ({
  ...config,
  gates: {
    ...config.gates,
    '1': { ...config.gates['1'], approvals: 2, needs: [role('dba'), role('traffic')] },
  },
}));

const phaseGate = ({ gates }: RunState) => gates.find(({ for: about }) => about.kind === 'phase');

test('whose answer is missing after all reminders is written to alone, in every chat that knows where', async () => {
  await using full = await FullHouse.fresh({ config: twoRoles });
  const terminal = new PaperChannel('terminal', lineProtocol);
  const irc = new PaperChannel('irc', lineProtocol);
  const slack = new PaperChannel('slack', withThreads);
  // carol is not on IRC at the moment.
  irc.absent = ['irc:carol'];
  const troubles: string[] = [];
  const followers = startFollowers({
    house: full.house,
    files: full.files,
    platforms: [terminal, irc, slack],
    logged: () => undefined,
    paced: () => undefined,
    speeds: { fast: 1, real: 1 },
    trouble: (text) => troubles.push(text),
  });
  const run = await full.start();
  await full.order('bob', `approve ${run}`);
  await full.order('carol', `approve ${run}`);
  await full.helped(run, (state) => phaseGate(state) !== undefined);
  await full.until(run, (state) => phaseGate(state)?.settled !== undefined);
  await eventually(
    () => irc.messages.length > 0 && slack.messages.length > 1,
    'those who are missing are written to',
  );
  await followers.told();
  await followers.close();
  const alone = (paper: PaperChannel): string[] =>
    paper.messages.map(({ to, message }) => `${to.channel} ${messageText(message).slice(0, 28)}`);
  expect(alone(irc)).toEqual(['irc:dan Your answer is missing: run ']);
  expect(alone(slack).sort()).toEqual([
    'slack:T0PRACTICE/U0CAROL Your answer is missing: run ',
    'slack:T0PRACTICE/U0DAN Your answer is missing: run ',
  ]);
  expect(troubles).toEqual([]);
});
