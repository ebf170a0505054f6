import { afterAll, beforeAll } from '@jest/globals';
import { systemClock } from '../../../src/domain/clock.js';
import { stateContract } from '../../contracts/state.contract.js';
import { type EtcdUnderTest, etcdUnderTest } from './etcd-under-test.js';

let lab: EtcdUnderTest;
beforeAll(async () => {
  lab = await etcdUnderTest();
}, 60_000);
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

stateContract('in etcd', { atomic: true }, async (run) => {
  await using space = lab.space();
  const first = await space.open();
  await run({
    store: first.state,
    locks: first.locks,
    clock: systemClock(),
    other: (await space.open()).state,
    reopened: async () => {
      await first[Symbol.asyncDispose]();
      return (await space.open()).state;
    },
  });
});
