import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { Lab } from '../../lab/lab.js';

/** Opens one lab for the tests of a file; each of them finds it as it was at first. With times of seconds. */
export function onOneLab(take: (lab: Lab) => void): void {
  let lab: Lab | undefined;
  let isFirst = true;
  beforeAll(async () => {
    lab = await Lab.open({ cacheLifetime: 1, ttls: [3, 1] });
    take(lab);
  }, 150_000);
  beforeEach(async () => {
    if (!isFirst) await lab?.reset();
    isFirst = false;
  }, 100_000);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  }, 30_000);
}
