import {
  type Caller,
  confirmOrder,
  failedTasks,
  type Order,
  resumeOrder,
  retryOrder,
  voteOrder,
} from '../../src/runner/orders.js';
import type { RunFile } from '../../src/runner/run-file.js';
import { openGates, type RunState, waitsForWord } from '../../src/runner/run-state.js';
import { caller, type ToyHouse } from './toy-house.js';

export const alice = caller('alice', 'operator', 'approver');
export const bob = caller('bob', 'approver', 'dba');
export const carol = caller('carol', 'approver');
export const crowd = [alice, bob, carol] as const;

export interface Asked {
  readonly order: Order;
  readonly by: Caller;
}

/** What people who mean well would say now: GO to everything, go on with everything, every manual task done. Pure. */
export function helpfulOrders(state: RunState): Asked[] {
  if (state.stage === 'ended') return [];
  const votes = openGates(state).flatMap((gate) =>
    crowd
      .filter(({ said }) => said.person !== gate.asker)
      .filter(({ said }) => !gate.votes.some((vote) => vote.by.person === said.person))
      .slice(0, 1)
      .map((by) => ({
        by,
        order: voteOrder('go', gate.for.kind === 'request' ? 'request' : 'gate', gate.id),
      })),
  );
  const operator = crowd.find(({ said }) => said.person === state.operator) ?? alice;
  const done = Object.entries(state.tasks).flatMap(([id, task]) =>
    waitsForWord(state, task) ? [{ by: operator, order: confirmOrder(id) }] : [],
  );
  const retries = failedTasks(state).map((id) => ({ by: alice, order: retryOrder(id) }));
  const resume = state.hold === undefined ? [] : [{ by: alice, order: resumeOrder() }];
  return [...resume, ...votes, ...retries, ...done];
}

/** Answers whatever a run asks for until it has ended or its process has died. */
export async function help(house: ToyHouse, file: RunFile): Promise<void> {
  while (!house.life.isOver && file.state.stage !== 'ended') {
    const changed = file.changed();
    const [first] = helpfulOrders(file.state);
    if (first === undefined) await Promise.race([changed, house.life.over]);
    else await Promise.race([house.order(file, first.order, first.by), house.life.over]);
  }
}
