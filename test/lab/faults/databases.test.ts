import { expect, test } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import { lookAt, writableOf } from '../../support/lab-look.js';
import { hasBegun, hasFailed, LabStory, untroubled } from '../../support/lab-story.js';
import { onOneLab } from '../../support/on-one-lab.js';

const LONG = 180_000;

let lab: Lab;
onOneLab((opened) => {
  lab = opened;
});

test(
  'a database of the new site that dies before 03 stops the run there, why names it, and abort takes everything back',
  async () => {
    const before = await lookAt(lab);
    await using story = await LabStory.begin(lab);
    const dead = lab.databases.server({ section: story.section, datacenter: story.to });
    await story.helpedTo('2');
    await dead.process.kill();
    await story.until(hasFailed('03-check-to-databases-read-only'));
    const why = await story.why();
    expect(why).toContain('03-check-to-databases-read-only cannot go on');
    expect(why).toContain(`${story.section}.${story.to}`);
    expect(why).toContain(`abort ${story.run}`);
    // Nothing of the databases was touched.
    expect(await writableOf(lab)).toEqual(before.writable);

    await story.order(`abort ${story.run} --reason "a database is gone"`);
    expect(await story.ended(story.from)).toEqual({ result: 'ABORTED', ...untroubled });
    expect(await lookAt(lab)).toEqual(before);
  },
  LONG,
);

test(
  'a database of the new site that dies between 03 and 06 stops 06, nothing is written anywhere but what 06 has opened, and it passes once it is back',
  async () => {
    await using story = await LabStory.begin(lab);
    await story.helpedTo('2');
    const dead = lab.databases.server({ section: story.section, datacenter: story.to });
    await story.until(hasBegun('4'));
    await dead.process.kill();
    await story.until(hasFailed('06-set-db-read-write'));
    const why = await story.why();
    expect(why).toContain('06-set-db-read-write cannot go on');
    expect(why).toContain(`${story.section}.${story.to}`);
    expect(why).toContain(`retry ${story.run} 06-set-db-read-write`);
    expect(await writableOf(lab)).not.toContainEqual(expect.stringContaining(story.from));

    await dead.process.start();
    await story.order(`retry ${story.run} 06-set-db-read-write`);
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
    expect(await writableOf(lab)).toEqual(
      lab.settings.installation.sections.map((name) => `${name}.${story.to}`).sort(),
    );
  },
  LONG,
);

test(
  'replication that stands still is waited for in 03, why names the section, and repaired and tried again it passes',
  async () => {
    await using story = await LabStory.begin(lab);
    await story.helpedTo('2');
    const behind = { section: story.section, datacenter: story.to };
    await lab.databases.stopReplication(behind);
    await story.until(hasFailed('03-wait-until-in-sync'));
    const why = await story.why();
    expect(why).toContain('03-wait-until-in-sync cannot go on');
    expect(why).toContain(`${story.section}.`);
    expect(why).toContain(`retry ${story.run} 03-wait-until-in-sync`);
    expect(await writableOf(lab)).toEqual([]);

    await lab.databases.startReplication(behind);
    await story.order(`retry ${story.run} 03-wait-until-in-sync`);
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);
