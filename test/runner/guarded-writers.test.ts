import { expect, test } from '@jest/globals';
import { MINUTE } from '../../src/domain/instant.js';
import { hostsOf } from '../../src/hosts/operation.js';
import { sqliteLocks } from '../../src/state/sqlite/sqlite-locks.js';
import { defaultOperations } from '../../src/simulation/default-operations.js';
import {
  codfw as FROM,
  eqiad as TO,
  practiceInstallation as installation,
} from '../support/practice-installation.js';
import { type SimulatedPair, simulatedPair } from '../support/simulated-pair.js';

const puppet = defaultOperations()['run-puppet'];

const pair = (): Promise<SimulatedPair> =>
  simulatedPair({
    installation,
    primary: FROM,
    mode: 'live',
    from: FROM,
    to: TO,
    locks: ['mediawiki'],
  });

const leaseLeft = async ({ locks }: SimulatedPair): Promise<number> =>
  (await locks.holders()).find(({ name }) => name === 'mediawiki')?.expiresIn ?? 0;

test('while a command runs on hosts, nobody else can get the lock before its timeout is over', async () => {
  await using world = await pair();
  expect(await leaseLeft(world)).toBeLessThan(MINUTE);
  const { timeout } = puppet.run;
  const running = world.writers('08-run-puppet', 'forward').hosts.run(hostsOf(puppet, TO), puppet.run);
  expect(await leaseLeft(world)).toBeGreaterThan(timeout);
  expect((await running).every(({ outcome }) => outcome.kind === 'exited' && outcome.ok)).toBe(true);
});

test('a command is not begun where the lease is not ours any more and cannot be made to last', async () => {
  await using world = await pair();
  await world.locks.acquire('mediawiki', 30_000, { installation: installation.name, run: 1 });
  const done: unknown[] = [];
  world.world.onInput((input) => done.push(input));
  const command = world.writers('08-run-puppet', 'forward').hosts.run(hostsOf(puppet, TO), puppet.run);
  await expect(command).rejects.toThrow('the lock mediawiki is not held');
  expect(done).toEqual([]);
});

test('a write that the store refuses for its fence is told, so that the lock is had back before anything else', async () => {
  await using world = await pair();
  const writers = world.writers('02-set-read-only', 'forward');
  // Somebody else's process takes it in the store; this one cannot know yet.
  const other = sqliteLocks(world.store, world.world.clock);
  await other.acquire('mediawiki', 30_000, { installation: installation.name, run: 1 });
  other.close();
  const change = {
    kind: 'mwconfig',
    tags: { scope: FROM, name: 'ReadOnly' },
    from: { val: false },
    to: { val: 'maintenance' },
  } as const;
  await expect(writers.state.replace([change])).rejects.toThrow('was taken over');
  expect(world.refusedLeases).toEqual(['mediawiki']);
});

test.each(['03-set-db-read-only', '06-set-db-read-write'])(
  'no step of a switchover can change replication, not even %s: nothing is sent',
  async (task) => {
    await using world = await simulatedPair({
      installation,
      primary: FROM,
      mode: 'live',
      from: FROM,
      to: TO,
      locks: ['mediawiki', ...installation.sections.map((section) => `database/${section}`)],
    });
    const done: unknown[] = [];
    world.world.onInput((input) => done.push(input));
    for (const direction of ['forward', 'back'] as const)
      for (const datacenter of [FROM, TO])
        for (const to of [{ kind: 'stopped' }, { kind: 'running', from: FROM }] as const) {
          const primaries = installation.sections.map((section) => ({ section, datacenter }));
          await expect(
            world.writers(task, direction).databases.setReplication(primaries, to),
          ).rejects.toThrow(/^refused: "change replication" \(.*\) is never permitted in a live run$/);
        }
    expect(done).toEqual([]);
  },
);
