import type { Announcer } from '../src/announcements/announcer.js';
import type { Told } from '../src/announcements/tell-announcement.js';
import type { Schedule } from '../src/clockwork/schedule.js';
import { tellWhatIsDue } from './tell-what-is-due.js';

/** What the schedules call. */
export interface SchedulesNeed {
  readonly announcer: Announcer;
  /** Hears how each delivery fared. */
  readonly told: (deliveries: readonly Told[]) => void;
}

/** Everything that happens by the clock; one line each. */
export function schedules({ announcer, told }: SchedulesNeed): readonly Schedule[] {
  return [tellWhatIsDue(announcer, told)];
}
