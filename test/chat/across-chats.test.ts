import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tally } from '../../src/access/tally.js';
import type { Reply } from '../../src/chat/command.js';
import { HOUR } from '../../src/domain/instant.js';
import { person, role } from '../../src/domain/names.js';
import { FullHouse } from '../support/full-house.js';
import { messageText } from '../support/message-text.js';
import { lineProtocol, PaperChannel } from '../support/paper-channel.js';
import { startTelling } from '../support/told-run.js';
import { type ChatWindow, inBothChats, saidIn } from '../support/two-chats.js';

/** Everybody in both chats, alice an approver too, and a request that is open long enough for all that is said. */
const patient = inBothChats((config) => ({
  ...config,
  people: config.people.map((one) =>
    one.name === 'alice' ? { ...one, roles: [...one.roles, role('approver')] } : one,
  ),
  approvals: { ...config.approvals, live: { ...config.approvals.live, expiresAfter: 24 * HOUR } },
}));

async function withRequest<T>(
  body: (
    full: FullHouse,
    say: (window: ChatWindow, name: string, words: string) => Promise<Reply>,
  ) => Promise<T>,
): Promise<T> {
  await using full = await FullHouse.fresh({ config: patient });
  const say = async (window: ChatWindow, name: string, words: string): Promise<Reply> => {
    const reply = await full.house.router.route(saidIn(window, name, `!switchdc ${words}`));
    if (reply === undefined) throw new Error(`no answer to ${words}`);
    return reply;
  };
  const { status } = await say('slack', 'alice', 'start --task T12345');
  expect(status).toBe('ok');
  return await body(full, say);
}

describe('one person in two chats', () => {
  test('whoever asked in one cannot approve from the other', async () => {
    await withRequest(async (full, say) => {
      const reply = await say('irc', 'alice', 'approve 1');
      expect(messageText(reply.message)).toMatch(/^You asked for this yourself/);
      expect((await full.entries(1)).filter(({ entry }) => entry.kind === 'vote-cast')).toEqual([]);
    });
  });

  test('counts once, and both identities are on record', async () => {
    await withRequest(async (full, say) => {
      await say('irc', 'bob', 'approve 1');
      const again = await say('slack', 'bob', 'approve 1');
      expect(messageText(again.message)).toMatch(
        /a person counts once, from whichever chat; still needed: 1 GO/,
      );
      const { gates } = await full.state(1);
      expect(gates[0]?.settled).toBeUndefined();
      expect(gates[0]?.votes.map(({ by }) => `${by.identity} ${by.chat}`)).toEqual([
        'irc:bob irc/#operations',
        'slack:T0PRACTICE/U0BOB slack/#operations',
      ]);
      expect((await say('slack', 'carol', 'approve 1')).status).toBe('ok');
      await full.until(1, ({ stage }) => stage === 'running');
    });
  });

  test('takes an answer back from the other chat, until it has counted', async () => {
    await withRequest(async (full, say) => {
      expect((await say('slack', 'bob', 'approve 1 --withdraw')).status).toBe('refused');
      await say('irc', 'bob', 'approve 1');
      expect(messageText((await say('slack', 'bob', 'approve 1 --withdraw')).message)).toMatch(/taken back/);
      await say('slack', 'carol', 'approve 1');
      expect((await full.state(1)).gates[0]).toMatchObject({ votes: [{ by: { person: 'carol' } }] });
      await say('irc', 'dan', 'approve 1');
      expect((await say('irc', 'carol', 'approve 1 --withdraw')).status).toBe('refused');
      await full.until(1, ({ stage }) => stage === 'running');
    });
  });
});

const action = fc.record({
  who: fc.constantFrom('alice', 'bob', 'carol', 'dan', 'erin'),
  window: fc.constantFrom<ChatWindow>('irc', 'slack'),
  what: fc.constantFrom('approve 1', 'approve 1', 'approve 1', 'deny 1', 'approve 1 --withdraw'),
});

test('whatever is said from whichever chat: the request is decided as if everybody had one window', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 8 }), async (actions) => {
      const approvers = ['bob', 'carol', 'dan'];
      const saidGo = new Set<string>();
      let verdict: 'open' | 'go' | 'nogo' = 'open';
      await withRequest(async (full, say) => {
        for (const { who, window, what } of actions) {
          const reply = await say(window, who, what);
          const counts = verdict === 'open' && approvers.includes(who);
          if (!counts) {
            expect(reply.status).not.toBe('ok');
            continue;
          }
          if (what === 'deny 1') verdict = 'nogo';
          else if (what === 'approve 1') saidGo.add(who);
          else
            expect([reply.status, saidGo.delete(who)]).toEqual(
              reply.status === 'ok' ? ['ok', true] : ['refused', false],
            );
          if (saidGo.size === 2) verdict = 'go';
        }
        const [gate] = (await full.state(1)).gates;
        const seen =
          gate?.settled?.verdict ?? (gate === undefined ? 'open' : tally(gate, gate.votes).verdict);
        expect(seen).toBe(verdict);
      });
    }),
    { numRuns: 25 },
  );
});

const byHand = { person: person('erin'), reason: { text: 'by hand' }, run: 1 };

/** Somebody changes a record by hand, after the plan was shown. */
async function changeTtl({ house }: FullHouse): Promise<void> {
  const { state, locks } = house.world.ports;
  const tags = { dnsdisc: 'mw-web-rw', name: 'codfw' };
  const taken = await locks.acquire('mediawiki', 60_000, { installation: 'by-hand', run: 1 });
  await state.replace(
    [{ kind: 'discovery', tags, from: { ttl: 300 }, to: { ttl: 200 } }],
    byHand,
    taken.lease.fence,
  );
  await taken.lease.release();
}

test('a plan that has changed lapses the votes, and everybody is told what changed', async () => {
  await withRequest(async (full, say) => {
    await say('irc', 'bob', 'approve 1');
    await changeTtl(full);
    await say('slack', 'carol', 'approve 1');
    const { gates, stage } = await full.until(1, (run) => run.gates.length > 1);
    expect([stage, gates[1]?.votes, gates[1]?.changed]).toEqual(['requested', [], true]);
    const paper = new PaperChannel('irc', lineProtocol);
    const telling = startTelling(full, paper);
    await paper.until((texts) => texts.some((text) => text.includes('lapsed')));
    await telling.stop();
    expect(paper.texts().at(-1)).toMatch(
      /the request for .*earlier votes have lapsed.*ttl.* was 300 → 10, is 200 → 10/,
    );
    // The old votes are gone: both have to be given anew.
    await say('slack', 'bob', 'approve 1');
    expect((await full.state(1)).stage).toBe('requested');
  });
});
