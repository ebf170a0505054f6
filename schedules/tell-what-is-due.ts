import type { Announcer } from '../src/announcements/announcer.js';
import type { Told } from '../src/announcements/tell-announcement.js';
import type { Schedule } from '../src/clockwork/schedule.js';

/** Every minute: reminders and corrections that are due. `told` hears of each, also of those that could not be sent. */
export function tellWhatIsDue(announcer: Announcer, told: (deliveries: readonly Told[]) => void): Schedule {
  return {
    name: 'tell-what-is-due',
    cron: '* * * * *',
    run: async (now, signal) => told(await announcer.tellDue(now, signal)),
  };
}
