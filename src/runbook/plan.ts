import { createHash } from 'node:crypto';
import { type Json, canonical } from '../domain/json.js';
import type { Finding } from './finding.js';
import type { Mode } from './mode.js';
import type { PlannedChange } from './planned-change.js';
import type { PhaseId, TaskId } from './task.js';

export interface PlannedTask {
  readonly id: TaskId;
  readonly title: string;
  readonly does: 'act' | 'manual' | 'skip-in-live-test' | 'skip-in-emergency';
  readonly changes: readonly PlannedChange[];
  /** What the check found over the overlay; never part of the digest. */
  readonly finding: Finding;
}

export interface PlannedPhase {
  readonly id: PhaseId;
  readonly title: string;
  readonly digest: string;
  readonly tasks: readonly PlannedTask[];
}

/** What a run is going to do, task by task. The digest is what people vote on. */
export interface Plan {
  readonly digest: string;
  readonly phases: readonly PlannedPhase[];
}

export interface PlanDifference {
  readonly phase: PhaseId;
  readonly task: TaskId;
  readonly object: string;
  /** `undefined` is written as null: the change was, or is, not planned at all. */
  readonly was: Json;
  readonly is: Json;
}

/** What a phase's digest is taken over besides its tasks. */
export interface PlanSubject {
  readonly runbook: string;
  readonly version: string;
  readonly params: Json;
  readonly mode: Mode;
}

/**
 * The digest of one phase: over what is changed from what to what, and where; never evidence, positions, durations or
 * texts, nor the order in which the world happened to list the objects, so the same plan has the same digest whenever
 * it is made. Pure.
 */
export function phaseDigest(subject: PlanSubject, tasks: readonly PlannedTask[]): string {
  const value = {
    runbook: subject.runbook,
    version: subject.version,
    params: subject.params,
    mode: subject.mode,
    tasks: tasks.map((task) => ({
      id: task.id,
      changes: task.changes
        .map(({ object, from, to }) => ({ object, from, to }))
        .sort((a, b) => (a.object < b.object ? -1 : a.object > b.object ? 1 : 0)),
      hosts: [...new Set(task.changes.flatMap((change) => change.hosts ?? []))].sort(),
    })),
  };
  return digestOf(value);
}

/** The digest of a plan: of the list of its phases' digests. Pure. */
export function planDigest(phases: readonly { readonly id: PhaseId; readonly digest: string }[]): string {
  return digestOf(phases.map((phase) => [phase.id, phase.digest]));
}

function digestOf(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

/** What changed between two plans of the same phases; empty when their digests are equal. Pure. */
export function differences(was: readonly PlannedPhase[], is: readonly PlannedPhase[]): PlanDifference[] {
  const found: PlanDifference[] = [];
  for (const phase of is) {
    const before = was.find((candidate) => candidate.id === phase.id);
    if (before?.digest === phase.digest) continue;
    for (const task of phase.tasks) {
      const planned = before?.tasks.find((candidate) => candidate.id === task.id)?.changes ?? [];
      const objects = new Set([...planned, ...task.changes].map((change) => change.object));
      for (const object of objects) {
        const a = changeOf(planned, object);
        const b = changeOf(task.changes, object);
        if (canonical(a) !== canonical(b))
          found.push({ phase: phase.id, task: task.id, object, was: a, is: b });
      }
    }
  }
  return found;
}

function changeOf(changes: readonly PlannedChange[], object: string): Json {
  const change = changes.find((candidate) => candidate.object === object);
  if (change === undefined) return null;
  const { from, to, hosts } = change;
  return hosts === undefined ? { from, to } : { from, to, hosts: [...hosts].sort() };
}
