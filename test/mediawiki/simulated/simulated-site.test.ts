import { expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/domain/instant.js';
import { siteContract } from '../../contracts/site.contract.js';
import { codfw, eqiad } from '../../support/practice-installation.js';
import { SwitchByHand } from '../../support/switch-by-hand.js';
import { openTwoDatacenters } from '../../support/two-datacenters.js';

siteContract('of the simulation', async (run) => {
  using pair = openTwoDatacenters();
  const by = new SwitchByHand(pair, codfw, eqiad);
  await run({
    site: pair.site,
    datacenters: [codfw, eqiad],
    count: 4,
    setReadOnly: (where, notice) => by.setReadOnly(notice, [where]),
    movePrimary: () => by.setPrimary(),
    cacheLifetime: () => by.cacheLifetime(),
    takeDown(host) {
      pair.world.faults.cause({ kind: 'host-unreachable', host });
      return Promise.resolve();
    },
    edited: () => by.pass(2 * MINUTE),
  });
});

test('the app servers of the simulation follow one after the other, not all at once', async () => {
  using pair = openTwoDatacenters();
  const by = new SwitchByHand(pair, codfw, eqiad);
  await by.setReadOnly('a reason');
  const followed: number[] = [];
  for (let second = 0; second < 10; second += 1) {
    await by.pass(SECOND);
    const views = pair.world.look().datacenters.flatMap(({ appServers }) => appServers);
    followed.push(views.filter(({ readOnly }) => readOnly !== false).length);
  }
  expect(new Set(followed).size).toBeGreaterThan(6);
  expect(followed.at(-1)).toBe(8);
});

test('the simulated wiki tells of a minute without edits when nobody could save any', async () => {
  using pair = openTwoDatacenters();
  const by = new SwitchByHand(pair, codfw, eqiad);
  await by.pass(5 * MINUTE);
  const { signal } = new AbortController();
  expect((await pair.site.activity(signal)).edits).toBeGreaterThan(540);
  await by.setReadOnly('a reason');
  await by.pass(80 * SECOND);
  expect(await pair.site.activity(signal)).toEqual({ edits: 0, recentChanges: 0 });
});
