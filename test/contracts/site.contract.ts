import { describe, expect, it } from '@jest/globals';
import type { DatacenterName } from '../../src/domain/names.js';
import type { AppServerView, SiteReader } from '../../src/mediawiki/site.js';

export interface SiteUnderTest {
  readonly site: SiteReader;
  /** The first is the primary. */
  readonly datacenters: readonly [DatacenterName, DatacenterName];
  /** How many app servers there are in each. */
  readonly count: number;
  /** Sets the wiki read-only in one datacenter with this notice; does not wait. */
  setReadOnly(where: DatacenterName, notice: string): Promise<void>;
  /** Names the other datacenter as the primary; does not wait. */
  movePrimary(): Promise<void>;
  /** Waits for one configuration-cache lifetime. */
  cacheLifetime(): Promise<void>;
  takeDown(server: string): Promise<void>;
  /** Editors have been at work for more than a minute. */
  edited(): Promise<void>;
}

const { signal } = new AbortController();

/** What every adapter that asks a wiki's app servers does. */
export function siteContract(
  name: string,
  withSite: (test: (under: SiteUnderTest) => Promise<void>) => Promise<void>,
): void {
  const given = (sentence: string, test: (under: SiteUnderTest) => Promise<void>): void =>
    it(sentence, () => withSite(test));
  const said = (views: readonly AppServerView[]): unknown[] =>
    views.map(({ view }) => (view.answered ? [view.readOnly, view.primary] : 'no answer'));
  const distinct = (views: readonly AppServerView[]): unknown[] => [
    ...new Map(said(views).map((what) => [JSON.stringify(what), what])).values(),
  ];

  describe(`a wiki ${name}`, () => {
    given('has every app server of each datacenter asked, by its own name', async (under) => {
      const { site, datacenters, count } = under;
      const views = await site.views(datacenters, signal);
      expect(new Set(views.map(({ server }) => server)).size).toBe(2 * count);
      for (const dc of datacenters)
        expect(views.filter(({ datacenter }) => datacenter === dc)).toHaveLength(count);
      const some = await site.views([datacenters[1]], signal);
      expect(new Set(some.map(({ datacenter }) => datacenter))).toEqual(new Set([datacenters[1]]));
      expect(some).toHaveLength(count);
    });

    given('can be edited, and names its primary', async ({ site, datacenters }) => {
      expect(distinct(await site.views(datacenters, signal))).toEqual([[false, datacenters[0]]]);
    });

    given(
      'shows the notice in the datacenter where it is set, after one cache lifetime everywhere',
      async (under) => {
        const { site, datacenters } = under;
        const notice = 'Copy your text; “back” in 3 minutes & <b>thanks</b>.';
        await under.setReadOnly(datacenters[1], notice);
        await under.cacheLifetime();
        expect(distinct(await site.views([datacenters[1]], signal))).toEqual([[notice, datacenters[0]]]);
        expect(distinct(await site.views([datacenters[0]], signal))).toEqual([[false, datacenters[0]]]);
      },
    );

    given('shows in each datacenter the notice of that datacenter', async (under) => {
      const { site, datacenters } = under;
      await under.setReadOnly(datacenters[0], 'one');
      await under.setReadOnly(datacenters[1], 'other');
      await under.cacheLifetime();
      expect(distinct(await site.views([datacenters[0]], signal))).toEqual([['one', datacenters[0]]]);
      expect(distinct(await site.views([datacenters[1]], signal))).toEqual([['other', datacenters[0]]]);
    });

    given('names its new primary, after one cache lifetime everywhere', async (under) => {
      const { site, datacenters } = under;
      await under.movePrimary();
      await under.cacheLifetime();
      expect(distinct(await site.views(datacenters, signal))).toEqual([[false, datacenters[1]]]);
    });

    given('has a server that is down as one that did not answer', async (under) => {
      const { site, datacenters, count } = under;
      const [first] = await site.views([datacenters[0]], signal);
      await under.takeDown(first?.server ?? '');
      const views = await site.views([datacenters[0]], signal);
      expect(views).toHaveLength(count);
      for (const { server, view } of views) expect(view.answered).toBe(server !== first?.server);
    });

    given('says how much is edited', async (under) => {
      await under.edited();
      const { edits, recentChanges } = await under.site.activity(signal);
      expect(edits).toBeGreaterThan(0);
      expect(recentChanges).toBeGreaterThan(0);
      expect(recentChanges).toBeLessThanOrEqual(edits);
    });
  });
}
