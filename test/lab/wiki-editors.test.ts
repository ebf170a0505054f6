import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Editors, openEditors } from '../../lab/editors.js';
import { eventually } from '../support/eventually.js';
import { codfw, eqiad } from '../support/practice-installation.js';
import { type WikiGround, openWikiGround } from '../support/wiki-ground.js';

let under: WikiGround;
beforeAll(async () => {
  under = await openWikiGround();
}, 60_000);
beforeEach(() => under.reset(), 60_000);
afterAll(async () => {
  await under[Symbol.asyncDispose]();
});

const openAll = (): Promise<Editors> =>
  openEditors({ appServers: under.wiki.appServers, bot: under.wiki.accounts.bot });

/** Until editors of both datacenters have saved this many more. */
function untilSaved(editors: Editors, more: number): Promise<void> {
  const before = editors.edits.length;
  return eventually(
    () =>
      [codfw, eqiad].every(
        (name) =>
          editors.edits
            .slice(before)
            .filter(({ datacenter, outcome }) => datacenter === name && outcome.kind === 'acknowledged')
            .length >= more,
      ),
    `${more} edits in both datacenters`,
    30_000,
  );
}

const serverOf = (name: string): string =>
  under.wiki.appServers.find(({ datacenter }) => datacenter === name)?.url ?? '';

const kinds = (editors: Editors): Set<string> =>
  new Set(
    editors.edits.map(({ outcome }) =>
      outcome.kind === 'refused'
        ? `refused: ${outcome.reason}`
        : outcome.kind === 'error'
          ? outcome.what
          : outcome.kind,
    ),
  );

describe('editors in both datacenters', () => {
  test('go on while the state store is away, and after an app server was killed', async () => {
    await using editors = await openAll();
    editors.start();
    under.storeLink.cut();
    await untilSaved(editors, 5);
    await under.wiki.appServer('mw1001').process.kill();
    await eventually(
      () => editors.edits.some(({ outcome }) => outcome.kind === 'error' && outcome.from === 'connection'),
      'an edit without an answer',
    );
    await untilSaved(editors, 5);
    await editors.stop();
    expect((await editors.verify(under.wiki.appServer('mw1002').url)).lost).toEqual([]);
  });

  test('see it when a database is made read-only before the wiki is', async () => {
    await using editors = await openAll();
    editors.start();
    await untilSaved(editors, 2);
    const primary = under.databases.servers.find(({ primary: { datacenter } }) => datacenter === codfw);
    await primary?.sql('SET GLOBAL read_only = 1');
    const isOfDatabase = (what: string): boolean => what !== 'acknowledged' && what !== 'refused: moving';
    await eventually(() => [...kinds(editors)].some(isOfDatabase), 'an edit that the database refused');
    await editors.stop();
    expect((await editors.verify(serverOf(codfw))).lost).toEqual([]);
  });

  test('see nothing of it any more once the wiki can be edited everywhere', async () => {
    const everybody = { appServers: under.wiki.appServers, bot: under.wiki.accounts.bot, perDatacenter: 4 };
    await using before = await openEditors(everybody);
    before.start();
    const primary = under.databases.servers.find(({ primary: { datacenter } }) => datacenter === codfw);
    await primary?.sql('SET GLOBAL read_only = 1');
    const told = (): Set<string> =>
      new Set(
        before.edits.filter(({ outcome }) => outcome.kind !== 'acknowledged').map(({ server }) => server),
      );
    await eventually(() => told().size === under.wiki.appServers.length, 'refusals by every app server');
    await before.stop();
    await under.databases.reset();
    await under.wiki.editableEverywhere(codfw);
    await using after = await openEditors(everybody);
    after.start();
    await untilSaved(after, 20);
    await after.stop();
    expect(kinds(after)).toEqual(new Set(['acknowledged']));
  });

  test('find an acknowledged edit that is gone, and a refused one that was saved', async () => {
    await using editors = await openAll();
    editors.start();
    await untilSaved(editors, 3);
    await editors.stop();
    const [gone, other] = editors.acknowledged();
    const primary = under.databases.servers.find(({ primary: { datacenter } }) => datacenter === codfw);
    await primary?.sql('DELETE FROM wiki.revision WHERE rev_id = ?', [gone?.outcome.revision]);
    const refused = { ...other!, outcome: { kind: 'refused', reason: 'a lie' } } as const;
    editors.edits.splice(editors.edits.indexOf(other!), 1, refused);
    const found = await editors.verify(serverOf(codfw));
    expect(found.lost).toEqual([gone]);
    expect(found.savedThoughRefused).toEqual([refused]);
  });
});

describe('the wiki', () => {
  test('runs the jobs of its editors in the primary', async () => {
    await using editors = await openAll();
    editors.start();
    await untilSaved(editors, 2);
    await editors.stop();
    await under.wiki.maintain('codfw', ['runJobs.php']);
    expect((await under.wiki.maintain('codfw', ['showJobs.php'])).trim()).toBe('0');
  });

  test('shows its pages, and tells what is not there', async () => {
    const page = await fetch(`${serverOf(eqiad)}/index.php/Main_Page`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('MediaWiki has been installed');
    expect(() => under.wiki.appServer('mw9999')).toThrow('no app server mw9999');
  });
});
