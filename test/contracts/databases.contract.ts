import { describe, expect, it } from '@jest/globals';
import { type Clock, sleep } from '../../src/domain/clock.js';
import { type Instant, SECOND } from '../../src/domain/instant.js';
import { datacenter, person, section } from '../../src/domain/names.js';
import type { Authority } from '../../src/domain/reason.js';
import type { Answer, Databases, Position, PrimaryName } from '../../src/databases/databases.js';

export interface DatabasesUnderTest {
  readonly databases: Databases;
  readonly clock: Clock;
  /** Two sections; in each the first is read-write, and the second, read-only, replicates from it. */
  readonly pairs: readonly [readonly [PrimaryName, PrimaryName], readonly [PrimaryName, PrimaryName]];
  /** Commits a transaction on the read-write primary of each section. */
  write(): Promise<void>;
  /** Begins a transaction on the first section's read-write primary that stays open for a while. */
  openTransaction(): Promise<void>;
  /** The replica of the first section stops executing; the returned function lets it go on. */
  stopReplication(): Promise<() => void | Promise<void>>;
  /** The server does not answer any more. */
  takeDown(primary: PrimaryName): Promise<void>;
}

const by: Authority = { person: person('alice'), reason: { text: 'a test' }, run: 1 };
const { signal } = new AbortController();
const valueOf = <T>(answer: Answer<T> | undefined): T => {
  if (answer?.answered !== true) throw new Error(`no answer: ${answer?.because ?? 'nothing was asked'}`);
  return answer.value;
};

/** What every adapter of the database primaries does. */
export function databasesContract(
  name: string,
  withDatabases: (test: (under: DatabasesUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (sentence: string, test: (under: DatabasesUnderTest) => Promise<void>): void =>
    it(sentence, () => withDatabases(test));
  const positionOf = async ({ databases }: DatabasesUnderTest, primary: PrimaryName): Promise<Position> =>
    valueOf((await databases.positions([primary]))[0]?.position);

  describe(`the database primaries ${name}`, () => {
    given('answer in the order in which they are asked', async ({ databases, pairs }) => {
      const asked = [pairs[1][1], pairs[0][0], pairs[0][1], pairs[1][0]];
      const answers = await databases.access(asked);
      expect(answers.map(({ primary }) => primary)).toEqual(asked);
      expect(answers.map(({ access }) => valueOf(access))).toEqual([
        'read-only',
        'read-write',
        'read-only',
        'read-write',
      ]);
      expect(await databases.access([])).toEqual([]);
    });

    given('say what they are after they have been set, read anew', async ({ databases, pairs }) => {
      const both = [pairs[0][0], pairs[1][0]];
      const set = await databases.setAccess(both, 'read-only', by, SECOND);
      expect(set.map(({ access }) => valueOf(access))).toEqual(['read-only', 'read-only']);
      expect((await databases.access(both)).map(({ access }) => valueOf(access))).toEqual([
        'read-only',
        'read-only',
      ]);
      const again = await databases.setAccess(both, 'read-only', by, SECOND);
      expect(again.map(({ access }) => valueOf(access))).toEqual(['read-only', 'read-only']);
      await databases.setAccess(both, 'read-write', by, SECOND);
      expect((await databases.access(both)).map(({ access }) => valueOf(access))).toEqual([
        'read-write',
        'read-write',
      ]);
    });

    given('that are down do not answer, while the others do', async (under) => {
      const { databases, pairs } = under;
      await under.takeDown(pairs[0][0]);
      const [down, up] = await databases.access([pairs[0][0], pairs[1][0]]);
      expect(down?.access).toMatchObject({ answered: false, because: expect.any(String) });
      expect(up?.access).toEqual({ answered: true, value: 'read-write' });
      const [unset] = await databases.setAccess([pairs[0][0]], 'read-only', by, SECOND);
      expect(unset?.access.answered).toBe(false);
    });

    given('that are not known do not answer', async ({ databases, pairs }) => {
      const stranger = { section: section('s99'), datacenter: pairs[0][0].datacenter };
      expect((await databases.access([stranger]))[0]?.access.answered).toBe(false);
      expect((await databases.positions([stranger]))[0]?.position.answered).toBe(false);
    });

    given('have a position that grows with what they write, and is never empty', async (under) => {
      const before = await positionOf(under, under.pairs[0][0]);
      await under.write();
      const after = await positionOf(under, under.pairs[0][0]);
      expect(before).toMatch(/^\d+-\d+-\d+(,\d+-\d+-\d+)*$/);
      expect(after).not.toBe(before);
    });

    given('have reached a position once they have executed it', async (under) => {
      const { databases, pairs } = under;
      await under.write();
      const position = await positionOf(under, pairs[0][0]);
      const [reached] = await databases.reached([{ primary: pairs[0][1], position }], 10 * SECOND, signal);
      expect(reached?.reached).toEqual({ answered: true, value: true });
      // Whoever wrote it has it.
      const [own] = await databases.reached([{ primary: pairs[0][0], position }], 0, signal);
      expect(own?.reached).toEqual({ answered: true, value: true });
    });

    given('do not reach a position while replication is stopped, and say so at once', async (under) => {
      const { databases, pairs, clock } = under;
      const goOn = await under.stopReplication();
      await under.write();
      const asked = [{ primary: pairs[0][1], position: await positionOf(under, pairs[0][0]) }];
      const began = clock.now();
      const [stuck] = await databases.reached(asked, 60 * SECOND, signal);
      expect(stuck?.reached).toEqual({ answered: true, value: false });
      expect(clock.now() - began).toBeLessThan(30 * SECOND);
      const [status] = await databases.replication([pairs[0][1]]);
      expect(valueOf(status?.status)).toMatchObject({
        from: pairs[0][0].datacenter,
        running: false,
        problem: expect.any(String),
      });
      await goOn();
      const [reached] = await databases.reached(asked, 60 * SECOND, signal);
      expect(reached?.reached).toEqual({ answered: true, value: true });
    });

    given('replicate from the other datacenter', async ({ databases, pairs }) => {
      const [status] = await databases.replication([pairs[0][1]]);
      expect(valueOf(status?.status)).toMatchObject({ from: pairs[0][0].datacenter, running: true });
    });

    given(
      'stop replicating and start again, and have then executed what was written meanwhile',
      async (under) => {
        const { databases, pairs } = under;
        const replicas = [pairs[0][1], pairs[1][1]];
        const from = pairs[0][0].datacenter;
        const stopped = await databases.setReplication(replicas, { kind: 'stopped' }, by, 10 * SECOND);
        expect(stopped.map(({ primary }) => primary)).toEqual(replicas);
        for (const { status } of [...stopped, ...(await databases.replication(replicas))])
          expect(valueOf(status)).toMatchObject({ from, running: false, problem: expect.any(String) });
        await under.write();
        const asked = [
          { primary: replicas[0] as PrimaryName, position: await positionOf(under, pairs[0][0]) },
        ];
        const [stuck] = await databases.reached(asked, 60 * SECOND, signal);
        expect(stuck?.reached).toEqual({ answered: true, value: false });
        const running = await databases.setReplication(replicas, { kind: 'running', from }, by, 10 * SECOND);
        for (const { status, refused } of [...running, ...(await databases.replication(replicas))])
          expect([valueOf(status), refused]).toMatchObject([{ from, running: true }, undefined]);
        const [reached] = await databases.reached(asked, 60 * SECOND, signal);
        expect(reached?.reached).toEqual({ answered: true, value: true });
      },
    );

    given('replicate both ways, each of which is set alone', async ({ databases, pairs }) => {
      const [first, second] = pairs[0];
      await databases.setReplication([first], { kind: 'stopped' }, by, 10 * SECOND);
      const statuses = await databases.replication([first, second]);
      expect(statuses.map(({ status }) => valueOf(status))).toMatchObject([
        { from: second.datacenter, running: false },
        { from: first.datacenter, running: true },
      ]);
    });

    given('never replicate from their own datacenter', async ({ databases, pairs }) => {
      const [first, second] = pairs[0];
      const from = second.datacenter;
      const [answer] = await databases.setReplication([second], { kind: 'running', from }, by, SECOND);
      expect(answer?.refused).toMatch(/cannot replicate from its own datacenter$/);
      expect(valueOf(answer?.status)).toMatchObject({ from: first.datacenter, running: true });
    });

    given('say that there is nothing to replicate from where no primary is', async ({ databases, pairs }) => {
      const from = datacenter('nowhere');
      const [answer] = await databases.setReplication([pairs[0][1]], { kind: 'running', from }, by, SECOND);
      expect(answer?.refused).toMatch(/^there is no primary of .* in nowhere$/);
      expect(valueOf(answer?.status)).toMatchObject({ from: pairs[0][0].datacenter, running: true });
    });

    given('that are down cannot be told to replicate or stop, while the others are', async (under) => {
      const { databases, pairs } = under;
      await under.takeDown(pairs[0][1]);
      const both = [pairs[0][1], pairs[1][1]];
      const [down, up] = await databases.setReplication(both, { kind: 'stopped' }, by, 10 * SECOND);
      expect(down).toEqual({
        primary: pairs[0][1],
        status: { answered: false, because: expect.any(String) },
      });
      expect(valueOf(up?.status)).toMatchObject({ running: false });
    });

    given('see heartbeats that go on, and stop when replication does', async (under) => {
      const { databases, pairs, clock } = under;
      const seen = async (): Promise<Instant> =>
        valueOf((await databases.heartbeats([pairs[0][1]], pairs[0][0].datacenter))[0]?.seen);
      const first = await seen();
      await sleep(clock, 3 * SECOND);
      expect((await seen()) - first).toBeGreaterThanOrEqual(2 * SECOND);
      // Its own is as new as it gets, also where the other one has not heard of it yet.
      const own = valueOf((await databases.heartbeats([pairs[0][0]], pairs[0][0].datacenter))[0]?.seen);
      expect(own).toBeGreaterThanOrEqual(first + 2 * SECOND);
      await under.stopReplication();
      const stopped = await seen();
      await sleep(clock, 3 * SECOND);
      expect(await seen()).toBe(stopped);
    });

    given('count the transactions that are open on them', async (under) => {
      const { databases, pairs } = under;
      await under.openTransaction();
      const open = async (primary: PrimaryName): Promise<number> =>
        valueOf((await databases.openTransactions([primary]))[0]?.open);
      expect(await open(pairs[0][0])).toBeGreaterThan(0);
      expect(await open(pairs[0][1])).toBe(0);
    });

    given('stop waiting for a position at the signal', async (under) => {
      const { databases, pairs } = under;
      const stop = new AbortController();
      const position = (await positionOf(under, pairs[0][0])).replace(/\d+$/, '999999999') as Position;
      const waiting = databases.reached([{ primary: pairs[0][1], position }], 3_600 * SECOND, stop.signal);
      const ended = expect(waiting).rejects.toThrow('enough');
      await sleep(under.clock, SECOND);
      stop.abort(new Error('enough'));
      await ended;
    });
  });
}
