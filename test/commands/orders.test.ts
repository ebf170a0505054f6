import { describe, expect, test } from '@jest/globals';
import { FullHouse } from '../support/full-house.js';

describe('who gives an answer or an order', () => {
  test('learns what is still missing, not again what everybody is told', async () => {
    await using full = await FullHouse.fresh();
    const run = await full.start();
    expect(await full.asked('bob', `approve ${run}`)).toBe(
      `ok: Run ${run}: counted; still needed: 1 GO from anyone with the role approver.`,
    );
    expect(await full.asked('carol', `approve ${run}`)).toBe(`ok: Run ${run}: counted, and that is enough.`);
  });

  test('learns that one NOGO settles it', async () => {
    await using full = await FullHouse.fresh();
    const run = await full.start();
    expect(await full.asked('bob', `deny ${run} not today`)).toBe(
      `ok: Run ${run}: counted; one NOGO is enough.`,
    );
  });

  test('learns what comes of it', async () => {
    await using full = await FullHouse.fresh();
    const run = await full.start();
    expect(await full.asked('alice', 'hold --reason lunch')).toBe(
      `ok: Run ${run}: what is running ends, and nothing new begins until \`resume\`.`,
    );
    expect(await full.asked('alice', 'resume')).toBe(
      `ok: Run ${run} goes on; why ${run} tells what it waits for, if anything.`,
    );
    expect(await full.asked('alice', 'abort --reason enough')).toBe(
      `ok: Run ${run} had not begun: there is nothing to take back.`,
    );
  });
});

describe('what stands against a command', () => {
  const caller = (name: string) => ({
    identity: { kind: 'practice', name } as const,
    chat: 'cli',
    messageId: 'cli/1',
  });

  test('can be asked of every command that writes', async () => {
    await using full = await FullHouse.fresh();
    const silent = full.house.registry.commands.filter(
      ({ writes, objection }) => writes && objection === undefined,
    );
    expect(silent.map(({ words }) => words[0])).toEqual([]);
  });

  test('is what it would answer, and nothing where it would do something; asking for it writes nothing', async () => {
    await using full = await FullHouse.fresh();
    const run = await full.start();
    const before = await full.entries(run);
    const { router } = full.house;
    for (const [name, line] of [
      ['alice', 'start'],
      ['alice', 'start mediawiki eqiad codfw --task T1'],
      ['erin', 'start --dry-run'],
      ['alice', 'approve 1'],
      ['bob', 'approve 9'],
      ['bob', 'go'],
      ['alice', 'resume'],
      ['alice', 'retry'],
      ['alice', 'log'],
      ['alice', 'strat'],
    ] as const) {
      const objection = await router.objection(line, caller(name));
      expect(objection).toBeDefined();
      expect(objection).toEqual(await router.answer(line, caller(name)));
    }
    for (const [name, line] of [
      ['alice', 'start --dry-run'],
      ['bob', 'approve'],
      ['carol', 'deny'],
      ['alice', 'hold --reason lunch'],
      ['alice', 'abort --reason lunch'],
      ['alice', 'log lunch'],
      ['alice', 'start --help'],
    ] as const)
      expect({ line, objection: await router.objection(line, caller(name)) }).toEqual({ line });
    expect(await full.entries(run)).toEqual(before);
    expect(await full.house.runner.unfinished()).toEqual([run]);
    expect(await full.sal()).toEqual([]);
  });
});
