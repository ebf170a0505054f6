import { randomUUID } from 'node:crypto';
import { allCommands } from '../../commands/index.js';
import { allRunbooks } from '../../runbooks/index.js';
import { publishedReadOnlyTimes } from '../../runbooks/mediawiki/read-only-history.js';
import { TIMELINE } from '../../schedules/timeline.js';
import { authorise } from '../access/authorise.js';
import { type Directory, directoryOf } from '../access/directory.js';
import { practiceAllowed } from '../access/practice.js';
import type { SwitchoverCalendar } from '../calendar/switchover-calendar.js';
import type { Practice } from '../chat/practice-voice.js';
import { openRegistry, type Registry } from '../chat/registry.js';
import { openCourtesy } from '../chat/courtesy.js';
import { type Incident, openRouter, type Router } from '../chat/router.js';
import { adaptersInUse } from '../config/adapters-in-use.js';
import type { Config } from '../config/config.js';
import { installationOf } from '../config/installation-of.js';
import type { Clock } from '../domain/clock.js';
import { ImpossibleState } from '../domain/errors.js';
import { DAY, HOUR, type Instant, instant } from '../domain/instant.js';
import { coreDatacenters, type Installation } from '../domain/installation.js';
import { scrubberOf } from '../domain/scrub.js';
import { datacenterOfHost } from '../hosts/inventory.js';
import { refuseMistakes } from '../runbook/refuse-mistakes.js';
import type { Runbook } from '../runbook/runbook.js';
import type { Journal } from '../runner/journal.js';
import { scrubbedJournal } from '../runner/scrubbed-journal.js';
import { openRunner, type Runner } from '../runner/runner.js';
import { sqliteJournal } from '../runner/sqlite/sqlite-journal.js';
import { fittedMessage } from '../sal/message.js';
import { sqliteSal } from '../sal/sqlite/sqlite-sal.js';
import { defaultOperations } from '../simulation/default-operations.js';
import { slowDisk } from '../simulation/slow-disk.js';
import { stateChanges } from '../state/sqlite/state-changes.js';
import { calendarOf } from './calendar.js';
import { explainedTasks } from './explained-tasks.js';
import type { Files } from './files.js';
import { stoppedRuns } from './stopped-runs.js';
import { type JournalWatch, watchedJournal } from './watched-journal.js';
import type { ComposedWorld } from './composed-world.js';
import { composeWorld } from './world.js';

export interface HouseParts {
  readonly config: Config;
  readonly files: Files;
  readonly wall: Clock;
  /** Simulated seconds in a real one. */
  readonly speed: number;
  /** When a simulated world begins that does not exist yet; left out: an hour before the next event. */
  readonly startAt?: Instant;
  /** What is about the runs and not in them: told by `status`. */
  remarks?(): Promise<readonly string[]>;
  /** Told of runs that cannot go on, which nobody learns from the journal: it is what fails. */
  readonly journalWatch?: JournalWatch;
  /** Something went wrong that no journal can tell. */
  trouble(text: string): void;
  report(incident: Incident): void;
}

/** Everything that answers: not yet anything that goes on by itself. */
export interface House {
  readonly config: Config;
  readonly installation: Installation;
  readonly calendar: SwitchoverCalendar;
  readonly directory: Directory;
  readonly practice: Practice;
  readonly world: ComposedWorld;
  readonly clock: Clock;
  /** What the chats live on. */
  readonly wall: Clock;
  readonly runbooks: readonly Runbook[];
  readonly journal: Journal;
  readonly sal: ReturnType<typeof sqliteSal>;
  readonly runner: Runner;
  readonly registry: Registry;
  readonly router: Router;
  close(): Promise<void>;
}

/** An hour before the next event: what a newcomer wants to see is about to happen. */
export function firstInstant(calendar: SwitchoverCalendar, now: Instant): Instant {
  const next = calendar.next(now);
  return next === undefined ? now : instant(next.mediawiki - HOUR);
}

/** Puts the parts together: the adapters are named in world.ts, the rest speaks to ports. */
export async function openHouse(parts: HouseParts): Promise<House> {
  const { config, files } = parts;
  const installation = installationOf(config);
  const calendar = calendarOf(config);
  const rule = practiceAllowed(adaptersInUse(config));
  const directory = directoryOf(config.people, rule);
  const practice: Practice = rule.allowed
    ? { allowed: true, people: config.people.map((person) => person.name) }
    : { allowed: false, because: rule.because };

  const scrub = scrubberOf(config.secrets.map((secret) => secret.reveal()));
  const written = sqliteJournal(files.records);
  const startAt = parts.startAt ?? firstInstant(calendar, parts.wall.now());
  const next = calendar.next(startAt);
  const trouble = (text: string): void => {
    parts.trouble(scrub(text));
  };
  const world = await composeWorld({
    config,
    trouble,
    files,
    installation,
    primary: next?.from ?? installation.datacenters.northern,
    wall: parts.wall,
    startAt,
    notBefore: latestOf([await written.latest(), stateChanges(files.state).latest()]),
    // A run that is taken up may be in its read-only window: its time is real until the pace has been looked at.
    speed: (await written.unfinished()).length > 0 ? 1 : parts.speed,
  });
  const { clock } = world;
  const scrubbed = scrubbedJournal(written, scrub);
  const stopped = stoppedRuns(clock, parts.journalWatch);
  const watched = watchedJournal(scrubbed, stopped);
  const journal =
    world.simulation === undefined
      ? watched
      : slowDisk(watched, ['begin', 'append'], world.simulation.world.faults, clock);
  const operations = config.hosts?.operations ?? defaultOperations();
  const runbooks = allRunbooks({
    mediawiki: {
      installation,
      operations,
      gates: config.gates,
      notBeforeOf: (key) => {
        const event = calendar.find(key);
        return 'mediawiki' in event && event.cancelled === undefined ? event.mediawiki : undefined;
      },
    },
  });
  checkRunbooks(runbooks, config, installation);

  const runner = openRunner({
    journal,
    clock,
    ports: world.ports,
    runbooks,
    installation: installation.name,
    policy: (mode, urgency) =>
      config.approvals[mode === 'live' && urgency === 'emergency' ? 'emergency' : mode],
    permitSubject: (run, at) => {
      const { from, to } = run.params as { from: never; to: never };
      return {
        runbook: run.runbook,
        mode: run.mode,
        phase: at.phase,
        direction: at.direction,
        from,
        to,
        readWriteRecords: installation.wiki.readWriteRecords,
        sections: installation.sections,
      };
    },
    datacenterOf: (host) => datacenterOfHost(host, coreDatacenters(installation)),
    trouble,
  });

  const sal = sqliteSal(files.records);
  const registry: Registry = openRegistry(
    allCommands({
      calendar,
      timeline: TIMELINE,
      zones: config.calendar.zones,
      sal: { ...sal, log: (entry) => sal.log({ ...entry, message: fittedMessage(scrub(entry.message)) }) },
      roles: config.roles,
      registry: () => registry,
      projectOf: (chat) => projectOf(config, chat),
      linkTo: (entry) => config.sal.entryUrl?.replace('{id}', String(entry.id)),
      runner,
      stoppedBy: (run) => stopped.waitOf(run),
      journal,
      askable: {
        runbooks: runbooks.map(({ name }) => name),
        datacenters: coreDatacenters(installation),
        eventNow: () => eventWithinADay(calendar, clock.now()),
      },
      skipPolicy: config.gates['1'],
      explained: runbooks.flatMap((runbook) => explainedTasks(runbook, installation)),
      published: publishedReadOnlyTimes,
      remarks: () => parts.remarks?.() ?? Promise.resolve([]),
    }),
  );
  const router = openRouter({
    registry,
    prefix: config.chat.prefix,
    clock,
    personOf: (identity) => directory.personOf(identity),
    authorise: (person, requires) => authorise(config, person, requires),
    courtesy: openCourtesy({ clock: parts.wall, rates: config.chat.rates }),
    newIncident: () => randomUUID().slice(0, 8),
    report: (incident) => {
      parts.report(incident);
    },
  });
  return {
    config,
    installation,
    calendar,
    directory,
    practice,
    world,
    clock,
    wall: parts.wall,
    runbooks,
    journal,
    sal,
    runner,
    registry,
    router,
    async close() {
      await runner.close();
      await world.close();
    },
  };
}

/** Simulated time goes back behind nothing that is on record. */
function latestOf(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : instant(Math.max(...known));
}

/** From the shell a line belongs to the first project there is. */
export function projectOf(config: Config, chat: string): string | undefined {
  const { destinations } = config.chat;
  if (chat === 'cli') return destinations.find((destination) => destination.project !== undefined)?.project;
  return destinations.find(({ platform, channel }) => `${platform}/${channel}` === chat)?.project;
}

/** A run asked for within a day of an event belongs to it. */
function eventWithinADay(calendar: SwitchoverCalendar, now: Instant): string | undefined {
  const next = calendar.next(now);
  return next !== undefined && next.mediawiki - now <= DAY ? next.key : undefined;
}

function checkRunbooks(runbooks: readonly Runbook[], config: Config, installation: Installation): void {
  const [from, to] = coreDatacenters(installation);
  const mistakes = runbooks.flatMap((runbook) => {
    const parsed = runbook.parse({ from, to });
    if (!parsed.ok) return [parsed.problem];
    const { window, pointOfNoReturn } = runbook;
    return refuseMistakes({
      phases: runbook.phases(parsed.params, 'live'),
      roles: config.roles.map(({ name }) => name),
      ...(window === undefined ? {} : { window }),
      ...(pointOfNoReturn === undefined ? {} : { pointOfNoReturn }),
    });
  });
  if (mistakes.length > 0) throw new ImpossibleState(`the runbooks cannot be used: ${mistakes.join('; ')}`);
}
