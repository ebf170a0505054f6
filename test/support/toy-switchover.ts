import { holds } from '../../src/runbook/finding.js';
import type { Phase, Runbook } from '../../src/runbook/runbook.js';
import { oneGo, toyManual, toyRunbook, toyTask, type ToyWorld } from './toy-runbook.js';

/** The tasks of the toy switchover that turn a switch. */
export const SWITCHES = ['00-a', '00-b', '00-r', '02-c', '02-d', '03-e', '04-f', '05-g'] as const;

/** Small, with one of everything: rounds, order, every recovery answer, a deferred proof, urgent phases, people. */
export function toySwitchover(world: ToyWorld, parts: Partial<Runbook> = {}): Runbook {
  const phases = (): Phase[] => [
    {
      id: '0',
      title: 'preparation',
      urgent: false,
      tasks: [
        toyTask(world, { id: '00-a' }),
        toyTask(world, { id: '00-b', again: 'after-check', after: [{ task: '00-a', once: 'verified' }] }),
        toyTask(world, { id: '00-r', rounds: 3 }),
      ],
    },
    {
      id: '2',
      title: 'the switch',
      urgent: true,
      gate: oneGo,
      tasks: [
        toyTask(world, { id: '02-c', again: 'ask' }),
        toyTask(world, { id: '02-d', provenBy: '4', after: [{ task: '02-c', once: 'applied' }] }),
      ],
    },
    { id: '3', title: 'on the way', urgent: true, tasks: [toyTask(world, { id: '03-e' })] },
    { id: '4', title: 'the end of it', urgent: true, tasks: [toyTask(world, { id: '04-f' })] },
    {
      id: '5',
      title: 'afterwards',
      urgent: false,
      tasks: [
        toyTask(world, { id: '05-g' }),
        toyManual('05-h'),
        toyManual('05-i', () => Promise.resolve(holds())),
      ],
    },
  ];
  return toyRunbook(phases, {
    pointOfNoReturn: { task: '04-f', because: 'It is done.' },
    window: { opens: '02-c', closes: '04-f', budget: 180_000 },
    ...parts,
  });
}
