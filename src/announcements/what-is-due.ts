import type { Milestone } from '../calendar/milestone.js';
import type { Instant } from '../domain/instant.js';
import { destinationText } from '../chat/platform.js';
import type { AnnouncementKey } from './announcement-key.js';
import { type Addressee, concerns } from './addressee.js';
import { CANCELLATION, type Heard, contradicted } from './told-before.js';
import { NAMES_NO_INSTANT } from './told-instants.js';

/** How it is told: as planned, because what was told has changed, or because a cancelled event takes place after all. */
export type Telling = 'as-planned' | 'moved' | 'after-all';

/** What is to be done about one milestone at one destination. */
export interface Due {
  readonly what: 'tell' | 'too-late';
  readonly key: AnnouncementKey;
  readonly milestone: Milestone;
  readonly addressee: Addressee;
  readonly telling: Telling;
}

/** An event as it is scheduled now. */
export interface ScheduledEvent {
  readonly key: string;
  /** Read-only starts: until then a wrong date may still mislead somebody. */
  readonly mediawiki: Instant;
  readonly cancelled: boolean;
  /** Each with the fingerprint of what it says now. */
  readonly milestones: readonly { readonly milestone: Milestone; readonly fingerprint: string }[];
}

/**
 * What is due at `now`, given what was heard. Each milestone is told once, from its instant until it is no longer worth
 * telling. What was told and has become wrong is told again as moved: at once where it is still worth telling or will
 * be (then also at its new time); where all of that is past and the event is still ahead, the one told last is. Pure.
 */
export function whatIsDue(
  event: ScheduledEvent,
  addressees: readonly Addressee[],
  heard: readonly Heard[],
  now: Instant,
): readonly Due[] {
  return addressees.flatMap((addressee) => {
    const to = destinationText(addressee.destination);
    const here = heard.filter((each) => each.to === to);
    const standings = event.milestones
      .filter(({ milestone }) => concerns(milestone, addressee))
      .map((each) => standing(event, each, here, to));
    const due = standings.flatMap((each) =>
      dueNow(event, each, here, now).map((rest) => ({ ...rest, milestone: each.milestone, addressee })),
    );
    const correction = due.some(({ telling }) => telling !== 'as-planned')
      ? undefined
      : lastWrong(event, standings, here, now);
    if (correction === undefined) return due;
    const key: AnnouncementKey = { ...correction.key, notice: 'moved' };
    return [
      ...due,
      { what: 'tell', key, milestone: correction.milestone, addressee, telling: tellingOf(key, here) },
    ];
  });
}

/** Where one milestone stands at one destination. */
interface Standing {
  readonly milestone: Milestone;
  /** As it would be told as a reminder now. */
  readonly key: AnnouncementKey;
  readonly last: Heard | undefined;
  /** What was heard last is no longer so. */
  readonly wrong: boolean;
}

function standing(
  event: ScheduledEvent,
  { milestone, fingerprint }: ScheduledEvent['milestones'][number],
  here: readonly Heard[],
  to: string,
): Standing {
  const last = here.filter((each) => each.milestone === milestone.key).at(-1);
  const wrong = last !== undefined && (last.fingerprint !== fingerprint || contradicted(last, here));
  const version = last === undefined ? 1 : wrong ? last.version + 1 : last.version;
  return {
    milestone,
    last,
    wrong,
    key: { event: event.key, milestone: milestone.key, version, fingerprint, notice: 'reminder', to },
  };
}

function dueNow(
  event: ScheduledEvent,
  { milestone, key, last, wrong }: Standing,
  here: readonly Heard[],
  now: Instant,
): Pick<Due, 'what' | 'key' | 'telling'>[] {
  const tell = (notice: AnnouncementKey['notice']) => {
    const told = { ...key, notice };
    return [{ what: 'tell' as const, key: told, telling: tellingOf(told, here) }];
  };
  if (last?.state === 'claimed' && !wrong) {
    // Whether it was told is not known: the same is due again, and the ledger and the channel have to say.
    const until = last.notice === 'moved' ? Math.max(milestone.until, event.mediawiki) : milestone.until;
    return now < until ? tell(last.notice) : [];
  }
  if (last !== undefined && !wrong && last.notice === 'reminder') return [];
  if (now < milestone.at) return wrong ? tell('moved') : [];
  if (now < milestone.until) return tell('reminder');
  return last === undefined ? [{ what: 'too-late', key, telling: 'as-planned' }] : [];
}

/**
 * Everything that was told here and is wrong is too old to be worth telling, and nothing that is right has been told
 * since: then what was told last is put right.
 */
function lastWrong(
  event: ScheduledEvent,
  standings: readonly Standing[],
  here: readonly Heard[],
  now: Instant,
): Standing | undefined {
  if (event.cancelled || now >= event.mediawiki) return undefined;
  const told = standings.filter(
    ({ last, key }) => last !== undefined && key.fingerprint !== NAMES_NO_INSTANT,
  );
  const newest = told.sort((a, b) => (a.last?.order ?? 0) - (b.last?.order ?? 0)).at(-1);
  return newest?.wrong === true ? newest : undefined;
}

function tellingOf(key: AnnouncementKey, here: readonly Heard[]): Telling {
  if (key.version === 1 || key.milestone === CANCELLATION) return 'as-planned';
  const own = here.filter(({ milestone }) => milestone === key.milestone);
  const movedTold = own.some(({ version, notice }) => version === key.version && notice === 'moved');
  if (key.notice === 'reminder' && movedTold) return 'as-planned';
  const before = own.filter(({ version }) => version === key.version - 1).at(-1);
  return before?.fingerprint === key.fingerprint ? 'after-all' : 'moved';
}
