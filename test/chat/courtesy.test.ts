import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openCourtesy, type Rates } from '../../src/chat/courtesy.js';
import type { IncomingMessage } from '../../src/chat/platform.js';
import { openRouter, type Router } from '../../src/chat/router.js';
import { noArguments } from '../../src/chat/grammar.js';
import { openRegistry } from '../../src/chat/registry.js';
import { instant } from '../../src/domain/instant.js';
import { person, role } from '../../src/domain/names.js';
import { messageText } from '../support/message-text.js';
import { command, goGrammar, logGrammar } from './support.js';

const rates: Rates = { people: { burst: 10, perMinute: 30 }, strangers: { burst: 5, perMinute: 6 } };
const people = ['alice', 'bob', 'relay'];

/** A router with manners, and its clock, which is set by hand. */
function mannered(): { readonly router: Router; at: number } {
  const time = { at: 0 };
  const clock = { now: () => instant(time.at), sleepUntil: () => Promise.resolve() };
  const router = openRouter({
    registry: openRegistry([
      command('help', noArguments, { example: 'help' }),
      command('go', goGrammar, { example: 'go 1', requires: 'answer', writes: true }),
      command('log', logGrammar, { example: 'log x', requires: 'log', writes: true }),
    ]),
    prefix: '!switchdc',
    clock,
    personOf: (identity) =>
      identity?.kind === 'irc' && people.includes(identity.account)
        ? {
            name: person(identity.account),
            roles: [role('operator')],
            identities: [identity],
            ...(identity.account === 'relay' ? { isBot: true } : {}),
          }
        : undefined,
    authorise: (who, requires) =>
      requires === 'anyone' || who !== undefined ? { ok: true } : { ok: false, refusal: 'you may only look' },
    courtesy: openCourtesy({ clock, rates }),
    newIncident: () => 'i',
    report: () => undefined,
  });
  return {
    router,
    get at() {
      return time.at;
    },
    set at(now) {
      time.at = now;
    },
  };
}

const said = (
  text: string,
  account: string | undefined,
  calledThere = account ?? 'guest',
): IncomingMessage => ({
  id: '1',
  from: { platform: 'irc', channel: '#operations' },
  sender: account === undefined ? undefined : { kind: 'irc', account },
  calledThere,
  text,
  at: instant(0),
});

const textOf = async (router: Router, line: IncomingMessage): Promise<string | undefined> => {
  const reply = await router.route(line);
  return reply && messageText(reply.message);
};

describe('a stranger', () => {
  test('may look, and is told once that this is all', async () => {
    const { router } = mannered();
    expect(await textOf(router, said('!switchdc help', 'eve'))).toBe('help');
    expect(await textOf(router, said('!switchdc go 41', 'eve'))).toMatch(
      /^I do not know you, so you may only look: help .*whoami.* I say this once\.$/,
    );
    for (const again of ['!switchdc go 41', '!log x', '!switchdc nonsense', '!log'])
      expect(await textOf(router, said(again, 'eve'))).toBeUndefined();
  });

  test('is told once whatever letters the account is written in, and under one nick where there are no accounts', async () => {
    const { router } = mannered();
    expect(await textOf(router, said('!switchdc go 41', 'Eve'))).toBeDefined();
    expect(await textOf(router, said('!switchdc go 41', 'eve'))).toBeUndefined();
    expect(await textOf(router, said('!switchdc go 41', undefined, 'guest'))).toBeDefined();
    expect(await textOf(router, said('!switchdc go 41', undefined, 'guest'))).toBeUndefined();
  });
});

test('a trusted bot is never answered, whatever it says', async () => {
  const { router } = mannered();
  for (const line of ['!log synced', '!log', '!switchdc help', '!switchdc nonsense'])
    expect(await textOf(router, said(line, 'relay'))).toBeUndefined();
});

test('questions keep nobody from a NOGO, and one who is too fast is told so once', async () => {
  const house = mannered();
  const answers: (string | undefined)[] = [];
  for (let count = 0; count < 100; count += 1)
    answers.push(await textOf(house.router, said('!switchdc help', 'alice')));
  expect(answers.filter((text) => text === 'help')).toHaveLength(10);
  expect(answers.filter((text) => text?.startsWith('That is faster than I answer'))).toHaveLength(1);
  expect(await textOf(house.router, said('!switchdc go 41', 'alice'))).toBe('go');
  expect(await textOf(house.router, said('!switchdc help', 'bob'))).toBe('help');
  house.at = 60_000;
  expect(await textOf(house.router, said('!switchdc help', 'alice'))).toBe('help');
});

test('at one’s own terminal nothing is counted', async () => {
  const { router } = mannered();
  const line = {
    ...said('!switchdc help', undefined),
    from: { platform: 'terminal', channel: '#x' } as const,
  };
  for (let count = 0; count < 50; count += 1) expect(await textOf(router, line)).toBe('help');
});

const lines = fc.record({
  text: fc.oneof(
    fc.constantFrom('!switchdc help', '!switchdc go 41', '!log x', '!switchdc', '!log', 'hello'),
    fc.string({ unit: 'binary', maxLength: 60 }).map((rest) => `!switchdc ${rest}`),
  ),
  who: fc.oneof(fc.constantFrom('alice', 'bob', 'relay'), fc.string({ maxLength: 8 })),
  knows: fc.boolean(),
  after: fc.nat({ max: 20 }),
});

test('10,000 lines of anybody are no reply storm', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 200, maxLength: 200 }), async (some) => {
      const house = mannered();
      const answered = new Map<string, number>();
      for (let round = 0; round < 50; round += 1)
        for (const { text, who, knows, after } of some) {
          house.at += after;
          const reply = await house.router.route(said(text, knows ? who : undefined, `${who}${round}`));
          if (reply === undefined) continue;
          const key = knows && people.includes(who) ? who : 'strangers';
          answered.set(key, (answered.get(key) ?? 0) + 1);
        }
      const minutes = house.at / 60_000;
      const most = ({ burst, perMinute }: Rates['people']): number => burst + perMinute * minutes;
      expect(answered.get('relay')).toBeUndefined();
      expect(answered.get('strangers') ?? 0).toBeLessThanOrEqual(most(rates.strangers));
      // Two allowances, and the word that it was too much: at most as often as an allowance has filled up again.
      for (const name of ['alice', 'bob'])
        expect(answered.get(name) ?? 0).toBeLessThanOrEqual(2 * most(rates.people) * 1.2);
    }),
    { numRuns: 5 },
  );
});
