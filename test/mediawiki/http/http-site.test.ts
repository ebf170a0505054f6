import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openEditors } from '../../../lab/editors.js';
import { realDelay } from '../../../src/domain/clock.js';
import { WikiUnavailable } from '../../../src/mediawiki/errors.js';
import { siteContract } from '../../contracts/site.contract.js';
import { eventually } from '../../support/eventually.js';
import { codfw, eqiad } from '../../support/practice-installation.js';
import { type WikiGround, openWikiGround } from '../../support/wiki-ground.js';

const { signal } = new AbortController();
let under: WikiGround;

beforeAll(async () => {
  under = await openWikiGround();
}, 60_000);
beforeEach(() => under.reset(), 60_000);
afterAll(async () => {
  await under[Symbol.asyncDispose]();
});

siteContract('of real app servers', async (run) => {
  const { site, wiki, cacheLifetime } = under;
  await run({
    site,
    datacenters: [codfw, eqiad],
    count: 4,
    setReadOnly: (where, notice) => under.setReadOnly({ [where]: notice }),
    movePrimary: () => under.makePrimary(eqiad),
    cacheLifetime: () => realDelay(cacheLifetime),
    takeDown: (server) => wiki.appServer(server).process.kill(),
    async edited() {
      await using editors = await openEditors({ appServers: wiki.appServers, bot: wiki.accounts.bot });
      editors.start();
      await eventually(() => editors.acknowledged().length > 5, 'some edits');
    },
  });
});

describe('real app servers', () => {
  test('one that is frozen did not answer, and the others are not held up by it', async () => {
    await using site = await under.ask({ timeout: 1_500 });
    const { process } = under.wiki.appServer('mw1002');
    process.freeze();
    const views = await site.views([codfw, eqiad], signal);
    process.thaw();
    expect(views.filter(({ view }) => !view.answered)).toEqual([
      { server: 'mw1002', datacenter: codfw, view: { answered: false, because: 'no answer within 1.5 s' } },
    ]);
  });

  test('one that was killed refuses, and answers once it runs again', async () => {
    const { site, wiki } = under;
    const { process } = wiki.appServer('mw2003');
    await process.kill();
    // For a moment its workers, which are killed as well, keep its port: a connection is made, and then reset.
    await eventually(async () => {
      const view = (await site.views([eqiad], signal)).find(({ server }) => server === 'mw2003')?.view;
      expect(view?.answered).toBe(false);
      return view?.answered === false && view.because === 'connection refused';
    }, 'a refusal');
    await process.start();
    const up = (await site.views([eqiad], signal)).find(({ server }) => server === 'mw2003');
    expect(up?.view).toEqual({ answered: true, readOnly: false, primary: codfw });
  });

  test('of a datacenter whose database is dead answer with HTTP 500, which is no answer', async () => {
    const { site, databases } = under;
    await databases.servers.find(({ primary }) => primary.datacenter === eqiad)?.process.kill();
    const [here, there] = await Promise.all([site.views([codfw], signal), site.views([eqiad], signal)]);
    expect(here.every(({ view }) => view.answered)).toBe(true);
    expect(there.map(({ view }) => view)).toContainEqual({ answered: false, because: 'HTTP 500' });
  });

  test('one that cannot read the state store says what it knew last, and people are told once', async () => {
    const told: string[] = [];
    await using site = await under.ask({ trouble: (text) => told.push(text) });
    under.storeLink.stall();
    await eventually(async () => {
      const views = await site.views([codfw], signal);
      expect(views.map(({ view }) => view)).toEqual(
        Array(4).fill({ answered: true, readOnly: false, primary: codfw }),
      );
      return told.length === 4;
    }, 'trouble with four servers');
    await site.views([codfw], signal);
    expect(told.toSorted()).toEqual(
      [1, 2, 3, 4].map(
        (number) =>
          `mw100${number} cannot read the state store and goes on with the last configuration it could read`,
      ),
    );
  });

  test('of the new primary tell what is edited, whichever is asked first', async () => {
    await under.makePrimary(eqiad);
    await under.everyServer(({ readOnly, primary }) => readOnly === false && primary === eqiad);
    await using editors = await openEditors({
      appServers: under.wiki.appServers,
      bot: under.wiki.accounts.bot,
    });
    editors.start();
    await eventually(async () => (await under.site.activity(signal)).recentChanges > 0, 'recent changes');
  });

  test('when none of the primary answers, what is edited is not known', async () => {
    const { site, wiki } = under;
    const there = wiki.appServers.filter((server) => server.datacenter === 'codfw');
    await Promise.all(there.map(({ process }) => process.kill()));
    const asked = site.activity(signal);
    await expect(asked).rejects.toThrow(WikiUnavailable);
    await expect(asked).rejects.toThrow(/mw1001: connection re(fused|set)/);
  });
});
