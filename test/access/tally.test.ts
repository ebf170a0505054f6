import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Ballot, type CastVote, tally } from '../../src/access/tally.js';
import { MINUTE } from '../../src/domain/instant.js';
import { type PersonName, type RoleName, person, role } from '../../src/domain/names.js';

const ballot = (over: Partial<Ballot['policy']> = {}): Ballot => ({
  policy: {
    approvals: 2,
    mayAnswer: [role('approver'), role('dba')],
    needs: [],
    expiresAfter: 30 * MINUTE,
    ...over,
  },
  digest: 'd1',
  asker: person('alice'),
});

const vote = (who: string, verdict: 'go' | 'nogo' = 'go', over: Partial<CastVote> = {}): CastVote => ({
  by: { person: person(who) },
  roles: [role('approver')],
  verdict,
  digest: 'd1',
  ...over,
});

describe('votes at a gate', () => {
  test('the gate is open until enough different people have said GO', () => {
    expect(tally(ballot(), [])).toMatchObject({ verdict: 'open', because: '0 of 2 GOs' });
    expect(tally(ballot(), [vote('bob')])).toMatchObject({
      verdict: 'open',
      because: '1 of 2 GOs by bob',
      missing: { approvals: 1, roles: [] },
    });
    expect(tally(ballot(), [vote('bob'), vote('carol')])).toMatchObject({
      verdict: 'go',
      because: 'GO by bob and carol',
      counted: ['bob', 'carol'],
    });
  });

  test('the GO of the person who asked never counts, nor does their NOGO', () => {
    const asked = tally(ballot({ approvals: 1 }), [vote('alice'), vote('alice', 'nogo')]);
    expect(asked).toMatchObject({ verdict: 'open', counted: [] });
    expect(asked.disregarded).toEqual([
      { person: 'alice', because: 'the one who asks does not count' },
      { person: 'alice', because: 'the one who asks does not count' },
    ]);
  });

  test('two identities of one person count once', () => {
    expect(tally(ballot(), [vote('bob'), vote('bob')])).toMatchObject({ verdict: 'open', counted: ['bob'] });
  });

  test('who holds no answering role is heard and not counted', () => {
    const { verdict, disregarded } = tally(ballot({ approvals: 1 }), [
      vote('erin', 'go', { roles: [role('traffic')] }),
    ]);
    expect(verdict).toBe('open');
    expect(disregarded).toEqual([{ person: 'erin', because: 'to answer needs the role approver or dba' }]);
  });

  test('a vote on another plan than the one asked about does not count, whether GO or NOGO', () => {
    const stale = [vote('bob', 'go', { digest: 'd0' }), vote('carol', 'nogo', { digest: 'd0' })];
    expect(tally(ballot({ approvals: 1 }), stale)).toMatchObject({ verdict: 'open', counted: [] });
    expect(tally(ballot({ approvals: 1 }), [...stale, vote('bob')]).verdict).toBe('go');
  });

  test('one NOGO settles at once, and a later GO changes nothing', () => {
    const votes = [vote('bob'), vote('carol', 'nogo'), vote('carol'), vote('dan')];
    expect(tally(ballot(), votes)).toMatchObject({
      verdict: 'nogo',
      because: 'NOGO by carol',
      counted: ['bob'],
    });
  });

  test('a NOGO that comes after the gate was settled by GO changes nothing', () => {
    expect(tally(ballot(), [vote('bob'), vote('carol'), vote('dan', 'nogo')]).verdict).toBe('go');
  });

  test('the same person may go from GO to NOGO as long as the gate is open', () => {
    expect(tally(ballot(), [vote('bob'), vote('bob', 'nogo')])).toMatchObject({ verdict: 'nogo' });
  });

  test('needed roles must be among those who said GO, however many those are', () => {
    const needsDba = ballot({ needs: [role('dba')] });
    const without = [vote('bob'), vote('carol'), vote('dan')];
    expect(tally(needsDba, without)).toMatchObject({
      verdict: 'open',
      because: '3 of 2 GOs by bob, carol and dan; still needs a GO from dba',
      missing: { approvals: 0, roles: ['dba'] },
    });
    expect(tally(needsDba, [...without, vote('erin', 'go', { roles: [role('dba')] })]).verdict).toBe('go');
  });

  test('the roles of a person are those of the last vote', () => {
    const needsDba = ballot({ approvals: 2, needs: [role('dba')] });
    const asDba = { roles: [role('dba')] };
    const votes = [vote('bob', 'go', asDba), vote('bob'), vote('carol')];
    expect(tally(needsDba, votes)).toMatchObject({
      verdict: 'open',
      missing: { approvals: 0, roles: ['dba'] },
    });
  });

  test('a policy that needs no approval is settled before anybody answers', () => {
    expect(tally(ballot({ approvals: 0 }), [])).toMatchObject({
      verdict: 'go',
      because: 'no approval is needed',
    });
    expect(tally(ballot({ approvals: 0 }), [vote('bob', 'nogo')])).toMatchObject({
      verdict: 'go',
      counted: [],
    });
  });
});

const names = fc.constantFrom(...['alice', 'bob', 'carol', 'dan'].map(person));
const roles = fc.subarray(['approver', 'dba', 'traffic'].map(role));
const votes: fc.Arbitrary<CastVote[]> = fc.array(
  fc.record({
    by: fc.record({ person: names }),
    roles,
    verdict: fc.constantFrom<'go' | 'nogo'>('go', 'go', 'go', 'nogo'),
    digest: fc.constantFrom('d1', 'd1', 'd0'),
  }),
  { maxLength: 10 },
);
const ballots: fc.Arbitrary<Ballot> = fc.record({
  policy: fc.record({
    approvals: fc.nat({ max: 4 }),
    mayAnswer: roles,
    needs: roles,
    expiresAfter: fc.constant(30 * MINUTE),
  }),
  digest: fc.constant('d1'),
  asker: names,
});

const counts = ({ policy, digest, asker }: Ballot, cast: CastVote): boolean =>
  cast.by.person !== asker &&
  cast.digest === digest &&
  cast.roles.some((held) => policy.mayAnswer.includes(held));

/** The rule said the other way round: at which number of votes is it first so, and what is it then? */
function verdictByDefinition(on: Ballot, cast: readonly CastVote[]): string {
  for (let length = 0; length <= cast.length; length += 1) {
    const valid = cast.slice(0, length).filter((one) => counts(on, one));
    if (valid.some(({ verdict }) => verdict === 'nogo')) return 'nogo';
    const people = [...new Set(valid.map(({ by }) => by.person))];
    const held = people.flatMap((who: PersonName): readonly RoleName[] => {
      const last = valid.findLast(({ by }) => by.person === who);
      return last === undefined ? [] : last.roles;
    });
    if (people.length >= on.policy.approvals && on.policy.needs.every((needed) => held.includes(needed)))
      return 'go';
  }
  return 'open';
}

describe('for any votes', () => {
  test('the verdict is the first that the rule gives', () => {
    fc.assert(
      fc.property(ballots, votes, (on, cast) => {
        expect(tally(on, cast).verdict).toBe(verdictByDefinition(on, cast));
      }),
      { numRuns: 2000 },
    );
  });

  test('votes that do not count change nothing', () => {
    fc.assert(
      fc.property(ballots, votes, (on, cast) => {
        const { verdict, counted } = tally(on, cast);
        expect(
          tally(
            on,
            cast.filter((one) => counts(on, one)),
          ),
        ).toMatchObject({ verdict, counted });
      }),
    );
  });

  test('once settled it stays settled', () => {
    fc.assert(
      fc.property(ballots, votes, votes, (on, cast, later) => {
        const { verdict } = tally(on, cast);
        fc.pre(verdict !== 'open');
        expect(tally(on, [...cast, ...later]).verdict).toBe(verdict);
      }),
    );
  });

  test('a gate that needs approval never opens without somebody other than the asker', () => {
    fc.assert(
      fc.property(ballots, votes, (on, cast) => {
        const { verdict, counted } = tally(on, cast);
        expect(counted).not.toContain(on.asker);
        if (verdict === 'go') expect(counted.length).toBeGreaterThanOrEqual(on.policy.approvals);
      }),
    );
  });
});
