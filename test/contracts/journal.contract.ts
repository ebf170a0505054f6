import { describe, expect, it } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import { RunMoved } from '../../src/runner/errors.js';
import type { Entry } from '../../src/runner/entry.js';
import type { Journal, JournalReader, Recorded } from '../../src/runner/journal.js';
import { said } from '../support/toy-decide.js';
import { noApproval } from '../support/toy-runbook.js';

/** A journal on some storage, of which the process can die. */
export interface JournalUnderTest {
  readonly journal: Journal;
  /** Somebody else who only reads, while the journal is being written. */
  reader(): JournalReader;
  /** The process image is gone; the journal is opened again from what was durable. */
  reopened(): Journal;
}

const AT = instant(Date.UTC(2026, 2, 25, 12));
const request: Entry & { kind: 'run-requested' } = {
  kind: 'run-requested',
  runbook: 'toy',
  version: '1',
  params: {},
  mode: 'live',
  reason: { text: 'a test' },
  by: said('alice'),
  description: 'a toy',
  plan: { digest: 'd', phases: [] },
  policy: noApproval,
};
const alarm = (about: string, text = ''): Entry => ({ kind: 'alarm', about, text });
const end: Entry = { kind: 'run-ended', result: 'PASS', because: '', counts: {} as never };
const abouts = (all: readonly Recorded[]): string[] =>
  all.map(({ entry }) => (entry.kind === 'alarm' ? entry.about : entry.kind));

/** What every journal does. */
export function journalContract(
  name: string,
  withJournal: (test: (under: JournalUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (
    sentence: string,
    test: (journal: Journal, under: JournalUnderTest) => Promise<void>,
  ): void => it(sentence, () => withJournal((under) => test(under.journal, under)));

  describe(`the journal ${name}`, () => {
    given('gives each run a number of its own and counts its entries from 1', async (journal) => {
      expect(await journal.begin(request, AT)).toMatchObject({ run: 1, seq: 1, at: AT, entry: request });
      expect(await journal.begin(request, AT)).toMatchObject({ run: 2, seq: 1 });
      expect(await journal.append(1, 2, alarm('a'), AT)).toMatchObject({ run: 1, seq: 2, entry: alarm('a') });
      expect(abouts(await journal.read(1))).toEqual(['run-requested', 'a']);
      expect(await journal.read(3)).toEqual([]);
    });

    given(
      'refuses an entry by a writer who has not seen all, or saw too much, and keeps nothing of it',
      async (journal) => {
        await journal.begin(request, AT);
        await journal.append(1, 2, alarm('a'), AT);
        for (const seq of [1, 2, 4])
          await expect(journal.append(1, seq, alarm('b'), AT)).rejects.toThrow(RunMoved);
        await expect(journal.append(9, 2, alarm('b'), AT)).rejects.toThrow(RunMoved);
        expect(abouts(await journal.after(0, 100))).toEqual(['run-requested', 'a']);
      },
    );

    given('has positions that only grow, over all runs, also after a restart', async (journal, under) => {
      await journal.begin(request, AT);
      await journal.begin(request, AT);
      await journal.append(1, 2, alarm('a'), AT);
      const again = under.reopened();
      await again.append(2, 2, alarm('b'), AT);
      const all = await again.after(0, 100);
      expect(all.map(({ run, seq }) => [run, seq])).toEqual([
        [1, 1],
        [2, 1],
        [1, 2],
        [2, 2],
      ]);
      const positions = all.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    });

    given('reads on from any cursor, so many at a time', async (journal) => {
      const { position } = await journal.begin(request, AT);
      for (const seq of [2, 3, 4]) await journal.append(1, seq, alarm(`a${seq}`), AT);
      expect(abouts(await journal.after(position, 2))).toEqual(['a2', 'a3']);
    });

    given('gives back an entry of any length and language whole', async (journal, under) => {
      await journal.begin(request, AT);
      const texts = ['x'.repeat(10), 'x'.repeat(70_000), '維'.repeat(30_000), '維'.repeat(30_000)];
      for (const [index, text] of texts.entries())
        await journal.append(1, index + 2, alarm('long', text), AT);
      for (const reader of [journal, under.reader(), under.reopened()])
        expect((await reader.read(1)).slice(1).map(({ entry }) => entry)).toEqual(
          texts.map((text) => alarm('long', text)),
        );
    });

    given(
      'shows a follower everything once and in order, from its cursor on, while it is written',
      async (journal) => {
        const { position } = await journal.begin(request, AT);
        await journal.append(1, 2, alarm('a2'), AT);
        const stop = new AbortController();
        const seen: string[] = [];
        const following = (async () => {
          for await (const recorded of journal.follow(position, stop.signal)) {
            seen.push(...abouts([recorded]));
            // What is written while it is told of is told next.
            if (recorded.seq === 3) await journal.append(1, 4, alarm('a4'), AT);
            if (recorded.seq === 6) stop.abort();
          }
        })();
        await journal.append(1, 3, alarm('a3'), AT);
        while (seen.length < 3) await new Promise(setImmediate);
        await journal.append(1, 5, alarm('a5'), AT);
        await journal.append(1, 6, alarm('a6'), AT);
        await following;
        expect(seen).toEqual(['a2', 'a3', 'a4', 'a5', 'a6']);
      },
    );

    given('lets a follower go who waits for nothing', async (journal) => {
      const stop = new AbortController();
      const following = journal.follow(0, stop.signal)[Symbol.asyncIterator]().next();
      await new Promise(setImmediate);
      stop.abort();
      expect(await following).toMatchObject({ done: true });
    });

    given('is read by somebody else while it is written', async (journal, under) => {
      await journal.begin(request, AT);
      const reader = under.reader();
      expect(await reader.read(1)).toHaveLength(1);
      await journal.append(1, 2, alarm('a'), AT);
      expect(abouts(await reader.read(1))).toEqual(['run-requested', 'a']);
      expect(await reader.latest()).toBe(AT);
    });

    given('finds what was said with a message, in whatever run and however long', async (journal, under) => {
      const by = { ...said('alice'), message: 'irc/#operations/m1' };
      const hold: Entry = { kind: 'run-held', because: 'x'.repeat(70_000), by };
      const skip = { kind: 'skip', task: '00-a', reason: 'late', by } as const;
      const asks: Entry = {
        kind: 'gate-opened',
        gate: 'g1',
        for: skip,
        policy: noApproval,
        digest: 'd',
        expiresAt: AT,
        asker: by.person,
      };
      await journal.begin(request, AT);
      await journal.begin({ ...request, by: { ...by, message: 'm0' } }, AT);
      await journal.append(2, 2, hold, AT);
      await journal.append(1, 2, asks, AT);
      for (const reader of [journal, under.reader(), under.reopened()]) {
        expect((await reader.saidWith('irc/#operations/m1')).map(({ run, entry }) => [run, entry])).toEqual([
          [2, hold],
          [1, asks],
        ]);
        expect(abouts(await reader.saidWith('m0'))).toEqual(['run-requested']);
        expect(await reader.saidWith('irc/#operations/m2')).toEqual([]);
      }
    });

    given('knows the runs, the newest of them first, and which have not ended', async (journal, under) => {
      expect([await journal.unfinished(), await journal.runs(9), await journal.latest()]).toEqual([
        [],
        [],
        undefined,
      ]);
      for (let runs = 0; runs < 3; runs += 1) await journal.begin(request, AT);
      await journal.append(2, 2, end, instant(AT + 5));
      for (const reader of [journal, under.reader(), under.reopened()]) {
        expect(await reader.unfinished()).toEqual([1, 3]);
        expect(await reader.runs(2)).toEqual([3, 2]);
        expect(await reader.latest()).toBe(AT + 5);
      }
    });
  });
}
