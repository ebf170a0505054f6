import { describe, expect, it } from '@jest/globals';
import type { DeliveryLedger } from '../../src/announcements/delivery-ledger.js';
import { LedgerContradiction } from '../../src/announcements/errors.js';
import { instant } from '../../src/domain/instant.js';

/** A ledger on some storage, of which the process can die. */
export interface LedgerUnderTest {
  readonly ledger: DeliveryLedger;
  /** The process image is gone; the ledger is opened again from what was durable. */
  reopened(): Promise<DeliveryLedger>;
}

const KEY = 'milestone/2026-northward/week-notice/1-3fa9c2d4/terminal/#community';
const NOON = instant(Date.UTC(2026, 2, 18, 12));
const LATER = instant(Date.UTC(2026, 2, 18, 13));

/** What every delivery ledger does. */
export function ledgerContract(
  name: string,
  withLedger: (test: (under: LedgerUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (
    sentence: string,
    test: (ledger: DeliveryLedger, under: LedgerUnderTest) => Promise<void>,
  ): void => it(sentence, () => withLedger((under) => test(under.ledger, under)));

  describe(`the delivery ledger ${name}`, () => {
    given('gives a delivery to the first who claims it', async (ledger) => {
      expect(await ledger.claim(KEY, NOON)).toEqual({ state: 'claimed', attempt: 1, since: NOON });
      expect(await ledger.claim(`${KEY}2`, LATER)).toEqual({ state: 'claimed', attempt: 1, since: LATER });
    });

    given('says that the outcome is unknown until it is confirmed', async (ledger) => {
      await ledger.claim(KEY, NOON);
      expect(await ledger.claim(KEY, LATER)).toEqual({ state: 'unknown', attempt: 1, since: NOON });
      await ledger.confirm(KEY, 'line 7');
      expect(await ledger.claim(KEY, LATER)).toEqual({ state: 'already-done', attempt: 1, since: NOON });
    });

    given('says the same after the process has died in between', async (ledger, under) => {
      await ledger.claim(KEY, NOON);
      const second = await under.reopened();
      expect(await second.claim(KEY, LATER)).toEqual({ state: 'unknown', attempt: 1, since: NOON });
      await second.confirm(KEY, 'line 7');
      const third = await under.reopened();
      expect(await third.claim(KEY, LATER)).toEqual({ state: 'already-done', attempt: 1, since: NOON });
    });

    given('knows through restarts when it began', async (ledger, under) => {
      expect(await ledger.began(NOON)).toBe(NOON);
      expect(await ledger.began(LATER)).toBe(NOON);
      expect(await (await under.reopened()).began(LATER)).toBe(NOON);
    });

    given('lets what is certainly not sent be claimed afresh', async (ledger) => {
      await ledger.claim(KEY, NOON);
      await ledger.notSent(KEY, 'not connected', LATER);
      expect(await ledger.claim(KEY, LATER)).toEqual({ state: 'claimed', attempt: 1, since: NOON });
    });

    given('does not forget an unknown outcome because the next sending certainly failed', async (ledger) => {
      await ledger.claim(KEY, NOON);
      await ledger.again(KEY);
      await ledger.notSent(KEY, 'not connected', LATER);
      expect(await ledger.claim(KEY, LATER)).toEqual({ state: 'unknown', attempt: 1, since: NOON });
    });

    given('counts how often something was sent again', async (ledger) => {
      await ledger.claim(KEY, NOON);
      expect(await ledger.again(KEY)).toEqual({ attempt: 2 });
      expect(await ledger.claim(KEY, LATER)).toEqual({ state: 'unknown', attempt: 2, since: NOON });
      expect(await ledger.again(KEY)).toEqual({ attempt: 3 });
    });

    given('keeps what was never claimed because it was too late for it', async (ledger) => {
      await ledger.notSent(KEY, 'the service was not running', NOON);
      expect(await ledger.deliveries('')).toEqual([
        { key: KEY, state: 'not-sent', attempt: 0, since: NOON, because: 'the service was not running' },
      ]);
      expect(await ledger.claim(KEY, LATER)).toEqual({ state: 'claimed', attempt: 1, since: NOON });
    });

    given('keeps the first proof', async (ledger) => {
      await ledger.claim(KEY, NOON);
      await ledger.confirm(KEY, 'line 7');
      await ledger.confirm(KEY, 'line 8');
      expect(await ledger.deliveries(KEY)).toMatchObject([{ state: 'sent', proof: 'line 7' }]);
    });

    given('refuses what contradicts it, and stays as it was', async (ledger) => {
      await expect(ledger.confirm(KEY, 'x')).rejects.toThrow(LedgerContradiction);
      await expect(ledger.again(KEY)).rejects.toThrow(LedgerContradiction);
      await ledger.claim(KEY, NOON);
      await ledger.notSent(KEY, 'not connected', NOON);
      await expect(ledger.confirm(KEY, 'x')).rejects.toThrow(LedgerContradiction);
      await expect(ledger.again(KEY)).rejects.toThrow(LedgerContradiction);
      await ledger.claim(KEY, NOON);
      await ledger.confirm(KEY, 'line 7');
      await expect(ledger.notSent(KEY, 'x', NOON)).rejects.toThrow(LedgerContradiction);
      await expect(ledger.again(KEY)).rejects.toThrow(LedgerContradiction);
      expect(await ledger.deliveries(KEY)).toMatchObject([{ state: 'sent', attempt: 1, proof: 'line 7' }]);
    });

    given(
      'lists deliveries by the beginning of their key, the one claimed last at the end',
      async (ledger) => {
        for (const key of ['a/3', 'a/1', 'ab/1', 'a/2', 'a/\u{10fffd}']) await ledger.claim(key, NOON);
        await ledger.again('a/3');
        const keys = async (prefix: string): Promise<string[]> =>
          (await ledger.deliveries(prefix)).map(({ key }) => key);
        expect(await keys('a/')).toEqual(['a/1', 'a/2', 'a/\u{10fffd}', 'a/3']);
        expect(await keys('a')).toEqual(['a/1', 'ab/1', 'a/2', 'a/\u{10fffd}', 'a/3']);
        expect(await keys('b')).toEqual([]);
        expect(await keys('A/')).toEqual([]);
        expect(await keys('a%')).toEqual([]);
      },
    );
  });
}
