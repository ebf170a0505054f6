import { assertNever } from '../domain/assert-never.js';
import type { DatacenterName, SectionName } from '../domain/names.js';
import type { WorldFacts } from './world-facts.js';

/** How far one step of a run is. A step that is being taken back is `started`, one that has been is `not-started`. */
export type StepProgress = 'not-started' | 'started' | 'observed';

/** The steps of a switchover that change what may be true in the world. `started`: its apply may have had effects. */
export interface LawProgress {
  /** 02: the wiki is set read-only. */
  readonly setReadOnly: StepProgress;
  /** 03: the old primaries are set read-only. */
  readonly fromReadOnly: StepProgress;
  /** 04: the records are pooled in the new datacenter and depooled in the old one. */
  readonly switchRecords: StepProgress;
  /** 06: the new primaries are set read-write. */
  readonly toReadWrite: StepProgress;
  /** 07: the wiki is set read-write. */
  readonly setReadWrite: StepProgress;
}

export const nothingStarted: LawProgress = {
  setReadOnly: 'not-started',
  fromReadOnly: 'not-started',
  switchRecords: 'not-started',
  toReadWrite: 'not-started',
  setReadWrite: 'not-started',
};

/** What is going on while the world is looked at. In a live test `to` is the primary and `from` the idle datacenter. */
export type LawSubject =
  | { readonly mode: 'none' | 'dry-run'; readonly primary: DatacenterName }
  | {
      readonly mode: 'live' | 'live-test';
      readonly from: DatacenterName;
      readonly to: DatacenterName;
      readonly progress: LawProgress;
    };

/**
 * What may be true in the world, as the field states it: everything in the facts that may not be, in words; empty when
 * all is lawful. This is the second opinion to what the permit allows, on purpose written without it. A database that is
 * down counts as not writable; whether it should be up is not the law's matter. Pure.
 */
export function violations(subject: LawSubject, facts: WorldFacts): string[] {
  switch (subject.mode) {
    case 'none':
    case 'dry-run':
      return atRest(subject.primary, facts);
    case 'live':
      return whileLive(subject.from, subject.to, subject.progress, facts);
    case 'live-test':
      return whileTesting(subject.from, subject.to, subject.progress, facts);
    default:
      return assertNever(subject, 'mode');
  }
}

function atRest(primary: DatacenterName, facts: WorldFacts): string[] {
  return [
    ...datacentersOf(facts).flatMap((dc) => neverReadOnly(dc, facts)),
    ...sectionsOf(facts).flatMap((section) => [
      ...onlyWritable(section, [primary], facts),
      ...alwaysWritable(section, primary, facts),
    ]),
    ...pooledExactly([primary], facts),
  ];
}

function whileLive(
  from: DatacenterName,
  to: DatacenterName,
  progress: LawProgress,
  facts: WorldFacts,
): string[] {
  const mayBeReadOnly = progress.setReadOnly !== 'not-started' && progress.setReadWrite !== 'observed';
  const mayBeWritable = [
    ...(progress.fromReadOnly === 'observed' ? [] : [from]),
    ...(progress.toReadWrite === 'not-started' ? [] : [to]),
  ];
  return [
    ...(mayBeReadOnly ? [] : datacentersOf(facts).flatMap((dc) => neverReadOnly(dc, facts))),
    ...sectionsOf(facts).flatMap((section) => [
      ...onlyWritable(section, mayBeWritable, facts),
      ...neverBoth(section, facts),
    ]),
    ...pooledInLive(from, to, progress.switchRecords, facts),
  ];
}

function whileTesting(
  from: DatacenterName,
  to: DatacenterName,
  progress: LawProgress,
  facts: WorldFacts,
): string[] {
  const mayBeReadOnly = progress.setReadOnly !== 'not-started' && progress.setReadWrite !== 'observed';
  return [
    ...neverReadOnly(to, facts),
    ...(mayBeReadOnly ? [] : neverReadOnly(from, facts)),
    ...sectionsOf(facts).flatMap((section) => [
      ...onlyWritable(section, [to], facts),
      ...alwaysWritable(section, to, facts),
    ]),
    ...pooledExactly([to], facts),
  ];
}

function pooledInLive(
  from: DatacenterName,
  to: DatacenterName,
  step: StepProgress,
  facts: WorldFacts,
): string[] {
  if (step === 'not-started') return pooledExactly([from], facts);
  if (step === 'observed') return pooledExactly([to], facts);
  return recordsOf(facts)
    .filter(([, pooled]) => pooled.length === 0)
    .map(([record]) => `${record} is pooled nowhere`);
}

function neverReadOnly(dc: DatacenterName, facts: WorldFacts): string[] {
  return facts.readOnly[dc] === false ? [] : [`the wiki is read-only in ${dc}`];
}

function onlyWritable(section: SectionName, may: readonly DatacenterName[], facts: WorldFacts): string[] {
  return writableIn(section, facts)
    .filter((dc) => !may.includes(dc))
    .map((dc) => `${section} can be written in ${dc}`);
}

function neverBoth(section: SectionName, facts: WorldFacts): string[] {
  const writable = writableIn(section, facts);
  return writable.length > 1 ? [`${section} can be written in ${writable.join(' and ')} at once`] : [];
}

function alwaysWritable(section: SectionName, dc: DatacenterName, facts: WorldFacts): string[] {
  const fine = writableIn(section, facts).includes(dc) || (facts.down[section] ?? []).includes(dc);
  return fine ? [] : [`${section} cannot be written in ${dc}`];
}

function pooledExactly(where: readonly DatacenterName[], facts: WorldFacts): string[] {
  return recordsOf(facts)
    .filter(([, pooled]) => pooled.length !== where.length || !where.every((dc) => pooled.includes(dc)))
    .map(([record, pooled]) => {
      const found = pooled.length === 0 ? 'nowhere' : `in ${pooled.join(' and ')}`;
      return `${record} is pooled ${found}, not in ${where.join(' and ')}`;
    });
}

const writableIn = (section: SectionName, facts: WorldFacts): readonly DatacenterName[] =>
  facts.writable[section] ?? [];
const datacentersOf = (facts: WorldFacts) => Object.keys(facts.readOnly) as DatacenterName[];
const sectionsOf = (facts: WorldFacts) => Object.keys(facts.writable) as SectionName[];
const recordsOf = (facts: WorldFacts) => Object.entries(facts.pooled);
