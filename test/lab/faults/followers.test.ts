import { expect, test } from '@jest/globals';
import type { Lab } from '../../../lab/lab.js';
import { hasBegun, hasFailed, LabStory, untroubled } from '../../support/lab-story.js';
import { onOneLab } from '../../support/on-one-lab.js';

const LONG = 240_000;

let lab: Lab;
onOneLab((opened) => {
  lab = opened;
});

const appServerOf = (datacenter: string) => {
  const found = lab.wiki.appServers.find((server) => server.datacenter === datacenter);
  if (found === undefined) throw new Error(`there are app servers in ${datacenter}`);
  return found;
};

test.each([
  { how: 'answers and never follows', before: '2', task: '02-set-read-only', next: '3' },
  { how: 'hangs', before: '4', task: '04-set-primary', next: '6' },
])(
  'an app server that $how from the beginning of phase $before on: $task is not observed, why names the server, and mended and tried again the run passes',
  async ({ how, before, task, next }) => {
    await using story = await LabStory.begin(lab);
    const stuck = appServerOf(story.from);
    await story.helpedTo(before);
    if (how === 'hangs') stuck.process.freeze();
    else stuck.cutOff();
    const { tasks, phases } = await story.until(hasFailed(task));
    expect(tasks[task]?.end).toBeUndefined();
    expect(phases[next]).toBeUndefined();
    const why = await story.why();
    expect(why).toContain(`${task} cannot go on`);
    expect(why).toContain(stuck.name);
    expect(why).toContain(`retry ${story.run} ${task}`);

    stuck.process.thaw();
    stuck.mend();
    await story.order(`retry ${story.run} ${task}`);
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);

test(
  'a DNS server that does not follow the store: 04-depool-from is not observed, why names the server, and once it follows the run passes',
  async () => {
    await using story = await LabStory.begin(lab);
    const stuck = lab.dns.named('ns1');
    await story.helpedTo('2');
    stuck.agent.freeze();
    const { tasks, phases } = await story.until(hasFailed('04-depool-from'));
    expect(tasks['04-depool-from']?.end).toBeUndefined();
    expect(phases['6']).toBeUndefined();
    const why = await story.why();
    expect(why).toContain('04-depool-from cannot go on');
    expect(why).toContain(stuck.name);
    expect(why).not.toContain('ns0');

    stuck.agent.thaw();
    await story.order(`retry ${story.run} 04-depool-from`);
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);

test.each([
  { phase: '1', task: '01-stop-periodic-jobs', kind: 'mwmaint' },
  { phase: '8', task: '08-run-puppet', kind: 'mwmaint' },
])(
  'a host that hangs in phase $phase: $task waits for it, why names the host, and once it answers the run passes',
  async ({ phase, task, kind }) => {
    await using story = await LabStory.begin(lab);
    const hanging = lab.hosts.hosts.find(({ name }) => name.startsWith(kind) && name.includes(story.to));
    if (hanging === undefined) throw new Error(`there are hosts called ${kind}`);
    await story.helpedTo(phase);
    hanging.freeze();
    await story.until(
      ({ tasks }) =>
        JSON.stringify(tasks[task]?.forward.lastLook ?? '').includes(hanging.name) ||
        JSON.stringify(tasks['08-enable-puppet']?.forward.lastLook ?? '').includes(hanging.name),
    );
    const why = await story.why();
    expect(why).toContain(hanging.name);
    expect((await story.house.state(story.run)).tasks[task]?.end).toBeUndefined();

    hanging.thaw();
    await story.until(hasBegun(phase));
    expect(await story.ended()).toEqual({ result: 'PASS', ...untroubled });
  },
  LONG,
);
