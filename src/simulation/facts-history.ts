import { applyInput } from './apply-input.js';
import { faultText } from './fault.js';
import { followChange } from './follow-store.js';
import type { StateChange, StateHistory } from './state-history.js';
import { objectName } from '../state/store.js';
import { type WorldFacts, factsOf } from './world-facts.js';
import type { WorldFile } from './world-file.js';
import type { WorldInput } from './world-input.js';
import type { WorldShape } from './world-shape.js';

/**
 * The facts at the beginning of a world and after every change of an access, a fault or the state, in order. Everything
 * that made the world is on disk, so its whole history can be judged at any time, also by somebody who was not there.
 * Changes that one transaction made together are one change. Reads.
 */
export function factsHistory(shape: WorldShape, file: WorldFile, history: StateHistory): WorldFacts[] {
  const first = file.first();
  if (first === undefined) return [];
  const { state } = first;
  const facts = [factsOf(shape, state, 'the beginning')];
  const changes = transactions(history.after(state.revision));
  const followUpTo = (revision: number): void => {
    while (changes[0]?.[0] !== undefined && changes[0][0].revision <= revision) {
      const transaction = changes.shift() ?? [];
      for (const change of transaction) followChange(shape, state, change);
      facts.push(factsOf(shape, state, transaction.map(changeText).join(', ')));
    }
  };
  for (const { at, revision, input } of file.inputsAfter(first.seq)) {
    followUpTo(revision);
    applyInput(shape, state, at, input);
    const because = inputText(shape, input);
    if (because !== undefined) facts.push(factsOf(shape, state, because));
  }
  followUpTo(Infinity);
  return facts;
}

function transactions(changes: readonly StateChange[]): StateChange[][] {
  const groups: StateChange[][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last?.[0]?.revision === change.revision) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

function changeText({ kind, tags, fields }: StateChange): string {
  return `${objectName(kind, tags)} ${JSON.stringify(fields)}`;
}

/** Undefined for what the facts do not depend on. */
function inputText(shape: WorldShape, input: WorldInput): string | undefined {
  switch (input.kind) {
    case 'access':
      return `${shape.sections[input.section] ?? ''}.${shape.datacenters[input.side]} ${input.access}`;
    case 'fault':
      return faultText(input.fault);
    case 'fault-cleared':
      return `${input.subject ?? 'every fault'} cleared`;
    case 'command':
    case 'replication':
      return undefined;
  }
}
