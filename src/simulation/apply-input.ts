import { assertNever } from '../domain/assert-never.js';
import { advance } from './advance.js';
import { applyHostEffect } from './apply-host-effect.js';
import { releaseDns } from './dns-servers.js';
import { type Fault, faultSubject, isAbout } from './fault.js';
import { countStranded } from './lost-edits.js';
import { followReplication } from './replication.js';
import type { WorldInput } from './world-input.js';
import type { WorldShape } from './world-shape.js';
import type { WorldState } from './world-state.js';

/** Lets time pass to an instant and then does this to the world. Deterministic; changes the state. */
export function applyInput(shape: WorldShape, state: WorldState, at: number, input: WorldInput): void {
  advance(shape, state, at);
  switch (input.kind) {
    case 'access': {
      const found = state.sections[input.section];
      if (found === undefined || found.access[input.side] === input.access) return;
      found.access[input.side] = input.access;
      if (input.access === 'read-write') countStranded(shape, state, input.section, input.side);
      return;
    }
    case 'replication': {
      const found = state.sections[input.section];
      if (found === undefined) return;
      const others = (found.stopped ?? []).filter((side) => side !== input.side);
      found.stopped = input.replication === 'stopped' ? [...others, input.side] : others;
      followReplication(shape, state);
      return;
    }
    case 'command':
      applyHostEffect(shape, state, input.host, input.effect);
      return;
    case 'fault':
      // One condition for one subject: a server that is down is not stuck as well.
      clear(shape, state, faultSubject(input.fault));
      state.faults.push(input.fault);
      followReplication(shape, state);
      return;
    case 'fault-cleared':
      clear(shape, state, input.subject);
      followReplication(shape, state);
      return;
    default:
      assertNever(input, 'input');
  }
}

function clear(shape: WorldShape, state: WorldState, subject: string | undefined): void {
  const ends = (fault: Fault): boolean => subject === undefined || isAbout(fault, subject);
  const ended = state.faults.filter(ends);
  state.faults = state.faults.filter((fault) => !ends(fault));
  for (const fault of ended) if (fault.kind === 'dns-server-stuck') releaseDns(shape, state, fault.server);
}
