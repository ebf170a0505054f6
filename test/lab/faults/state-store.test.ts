import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../../lab/lab.js';
import { objectsOf } from '../../support/lab-look.js';
import { hasBegun, LabStory, untroubled } from '../../support/lab-story.js';
import { onOneLab } from '../../support/on-one-lab.js';

const LONG = 180_000;
/** How long there is no store at all, in milliseconds. */
const OUTAGE = 20_000;
const LOCK = 'mediawiki';

let lab: Lab;
onOneLab((opened) => {
  lab = opened;
});

test(
  'the leader of the state store is killed as read-only begins: the run goes on by itself and passes',
  async () => {
    await using story = await LabStory.begin(lab);
    await story.helpedTo('1');
    const leader = await lab.etcd.leader();
    await story.helpedTo('2');
    await leader.server.kill();
    await story.until(hasBegun('8'));
    const kinds = await story.kinds();
    expect(kinds.filter((kind) => ['run-held', 'task-stuck', 'lease-lost'].includes(kind))).toEqual([]);
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);

test(
  'the whole state store is gone for 20 s in read-only: why says so, the wikis keep what they know, and the run goes on once it is back, and passes',
  async () => {
    await using story = await LabStory.begin(lab);
    await story.helpedTo('2');
    await story.until(hasBegun('3'));
    await lab.etcd.kill();
    const gone = sleep(OUTAGE);
    await story.until(({ tasks }) => tasks['04-pool-to']?.forward.lastLook?.problem !== undefined);
    expect(await story.why()).toMatch(/04-pool-to.*store/s);
    await gone;
    expect(await story.why()).toMatch(/04-pool-to.*store/s);
    expect((await story.house.state(story.run)).phases['6']).toBeUndefined();
    // Far longer than a configuration cache lives.
    expect(await readOnlyAnswers(lab)).toEqual(lab.wiki.appServers.map(() => true));

    await lab.etcd.restore();
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);

test(
  'the lock of the run is deleted in read-only: nothing is written until it is had back, then the run goes on by itself and passes',
  async () => {
    await using story = await LabStory.begin(lab);
    await story.helpedTo('2');
    await lab.etcd.etcdctl(['del', `/switchdc/v1/locks/${LOCK}`]);
    await story.until(hasBegun('8'));
    const kinds = await story.kinds();
    expect(kinds.indexOf('lease-lost')).toBeGreaterThan(0);
    expect(kinds.indexOf('locks-regained')).toBeGreaterThan(kinds.indexOf('lease-lost'));
    expect(kinds).not.toContain('run-held');
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);

test(
  'another run takes the lock in read-only: nothing is written any more, the run holds and why says so, and resumed it passes',
  async () => {
    await using story = await LabStory.begin(lab);
    await story.helpedTo('2');
    await takeLockAway();
    await story.until(({ leaseLost }) => leaseLost?.takenBy !== undefined);
    const objects = await objectsOf(lab);
    expect(await story.why()).toContain(
      `the lock ${LOCK} was lost and is held by run 7 of another; nothing is written until it is held again`,
    );

    await lab.etcd.etcdctl(['del', `/switchdc/v1/locks/${LOCK}`]);
    await story.until(({ hold, leaseLost }) => hold !== undefined && leaseLost === undefined);
    expect(await story.why()).toMatch(/another run held one of the locks/);
    expect(await objectsOf(lab)).toEqual(objects);
    expect((await story.house.state(story.run)).phases['6']).toBeUndefined();

    await story.order(`resume ${story.run}`);
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);

/** As another installation would that found the lock free. */
async function takeLockAway(): Promise<void> {
  const other = { installation: 'another', run: 7 };
  const taken = { ...other, at: new Date(0).toISOString(), token: 'theirs' };
  // In this order: while only the first is there nobody can take the lock, and the run still writes.
  await lab.etcd.etcdctl(['put', `/switchdc/v1/locks/${LOCK}`, JSON.stringify(other)]);
  await lab.etcd.etcdctl(['put', `/switchdc/v1/taken/${LOCK}`, JSON.stringify(taken)]);
}

/** What every app server says of itself. */
function readOnlyAnswers({ wiki }: Lab): Promise<boolean[]> {
  return Promise.all(
    wiki.appServers.map(async ({ url }) => {
      const answer = await fetch(`${url}/api.php?action=query&meta=siteinfo&format=json&formatversion=2`);
      const { query } = (await answer.json()) as { query: { general: { readonly: boolean } } };
      return query.general.readonly;
    }),
  );
}
