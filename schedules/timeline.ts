import type { MilestoneDefinition } from '../src/calendar/milestone.js';

/** What readers of a community text need to know, the same every time, so that translations stay valid for years. */
const COMMUNITY_TEXT: readonly string[] = [
  'All traffic will be switched from the {from} datacenter to the {to} datacenter on {mediawiki.day}. The switch starts at {mediawiki.times}. See it in your own time zone: {mediawiki.link}',
  'You will be able to read, but not edit, all wikis for a short period of time: for up to an hour from {mediawiki.time}. It is expected to take 2 to 3 minutes.',
  'If you try to edit or save during this time, you will see an error message. Please copy your text before you save, and try again a few minutes later.',
  'Background jobs will be slower, and long-running scripts will be stopped.',
  'The switch may be postponed if necessary. The schedule is at {schedule}; any change is shown there.',
];

const LIVE_TEST = 'from {to} to {from}, so that {from} stays the primary';

/**
 * What happens around every switchover and for whom, by Switch Datacenter and the communication plan that goes
 * with it. In order of time; those at the same instant in the order in which they are done.
 *
 * `tellWithin` ends when the next thing makes a notice useless: a notice to prepare something ends before the day
 * it was to be prepared for, one that says when the switchover is stays useful until it starts. What depends on how
 * the run went (read-only is over, and how long it took) is not here: the run tells it.
 */
export const TIMELINE: readonly MilestoneDefinition[] = [
  {
    key: 'tracking-task',
    title: 'Open the tracking task of the datacenter switchover from {from} to {to}',
    at: { of: 'mediawiki', weeks: -10 },
    tellWithin: { weeks: 7 },
    audiences: ['engineers', 'community-relations'],
    text: [
      'The datacenter switchover from {from} to {to}: Services on {services.day} at {services.time}, Traffic on {traffic.day} at {traffic.time}, MediaWiki on {mediawiki.day} at {mediawiki.time}, repool of {from} on {repool.day} at {repool.time}.',
      'Open the tracking task, and agree the dates and the communication plan with the teams.',
    ],
  },
  {
    key: 'live-test',
    title: 'Live test of the MediaWiki runbook, dry run of the Services runbook',
    at: { of: 'mediawiki', weeks: -3 },
    tellWithin: { weeks: 2 },
    audiences: ['engineers'],
    text: [
      `For the datacenter switchover from {from} to {to} on {mediawiki.day}: run the MediaWiki runbook as a live test ${LIVE_TEST}, and the Services runbook as a dry run.`,
    ],
  },
  {
    key: 'first-notice',
    title: 'First notice in the technical newsletter: switchover from {from} to {to}',
    at: { of: 'mediawiki', weeks: -3 },
    tellWithin: { weeks: 1 },
    audiences: ['engineers', 'community-relations'],
    text: [
      'For the technical newsletter: all wikis will be read-only for a few minutes on {mediawiki.day}, from {mediawiki.times}, while the primary datacenter changes from {from} to {to}.',
      'In your own time zone: {mediawiki.link}. The schedule is at {schedule}.',
    ],
  },
  {
    key: 'translation',
    title: 'Translate the message to communities: switchover on {mediawiki.day}',
    at: { of: 'mediawiki', weeks: -3 },
    tellWithin: { weeks: 2 },
    audiences: ['translators'],
    text: [
      'The message to communities about the switchover from {from} to {to} on {mediawiki.day} is ready to be translated. It goes out a week before. It says:',
      ...COMMUNITY_TEXT,
    ],
  },
  {
    key: 'banner-prepared',
    title: 'Prepare the banner for the switchover on {mediawiki.day}',
    at: { of: 'mediawiki', weeks: -2 },
    tellWithin: { days: 13 },
    audiences: ['community-relations'],
    text: [
      'Prepare the banner for all wikis. It is shown for one hour, from 30 minutes before read-only starts on {mediawiki.day} at {mediawiki.time}: {mediawiki.link}',
    ],
  },
  {
    key: 'newsletter',
    title: 'Newsletter notice: switchover in the week of {services.day}',
    at: { of: 'mediawiki', weeks: -2 },
    tellWithin: { weeks: 1 },
    audiences: ['community-relations'],
    text: [
      'For the newsletter: all wikis will be readable but not editable for a few minutes on {mediawiki.day}, from {mediawiki.times}.',
    ],
  },
  {
    key: 'week-notice',
    title: 'Datacenter switchover from {from} to {to} on {mediawiki.day}',
    at: { of: 'mediawiki', weeks: -1 },
    tellWithin: { weeks: 1 },
    audiences: ['engineers', 'ambassadors', 'translators'],
    text: [
      'Services move on {services.day} at {services.time}, Traffic on {traffic.day} at {traffic.time}, and MediaWiki on {mediawiki.day}: read-only starts at {mediawiki.times} ({mediawiki.link}) and is expected to last 2 to 3 minutes.',
      'After that all traffic goes to {to} alone, until {from} is repooled on {repool.day} at {repool.time}. The schedule is at {schedule}.',
    ],
  },
  {
    key: 'community-notice',
    title: 'Your wiki will be in read-only soon',
    at: { of: 'mediawiki', weeks: -1 },
    tellWithin: { weeks: 1 },
    audiences: ['community'],
    text: COMMUNITY_TEXT,
  },
  {
    key: 'deployment-calendar',
    title: 'Enter the switchover in the deployment calendar',
    at: { of: 'mediawiki', weeks: -1 },
    tellWithin: { days: 6 },
    audiences: ['engineers'],
    text: [
      'Entries for the deployment calendar: Services on {services.day} at {services.time}, Traffic on {traffic.day} at {traffic.time}, MediaWiki on {mediawiki.day} at {mediawiki.time}, repool of {from} on {repool.day} at {repool.time}. Deployments are locked while MediaWiki is switched.',
    ],
  },
  {
    key: 'prepare-databases',
    title: 'Prepare the databases for the switchover from {from} to {to}',
    at: { of: 'mediawiki', weeks: -1 },
    tellWithin: { days: 6 },
    audiences: ['engineers'],
    text: ['Set up circular replication from {to} to {from}, section by section, before {services.day}.'],
  },
  {
    key: 'rehearse-databases',
    title: 'Rehearse 03-set-db-read-only and 06-set-db-read-write in live-test mode',
    at: { of: 'mediawiki', weeks: -1 },
    tellWithin: { days: 6 },
    audiences: ['engineers'],
    text: [
      `Once circular replication is set up: run 03-set-db-read-only and 06-set-db-read-write back to back, as a live test ${LIVE_TEST}.`,
    ],
  },
  {
    key: 'services',
    title: 'Services and Traffic switch from {from} to {to}',
    at: { of: 'services' },
    tellWithin: { hours: 4 },
    audiences: ['engineers'],
    text: [
      'Services switch from {from} to {to} on {services.day} at {services.time}, Traffic on {traffic.day} at {traffic.time}. Nothing is read-only. MediaWiki follows on {mediawiki.day} at {mediawiki.time}.',
    ],
  },
  {
    key: 'phase-0',
    title: 'Start phase 0 of the MediaWiki switchover from {from} to {to}',
    at: { of: 'mediawiki', hours: -1 },
    tellWithin: { minutes: 30 },
    audiences: ['engineers'],
    text: [
      'Start phase 0 of the MediaWiki runbook between 60 and 30 minutes before read-only, in a durable session. Read-only starts on {mediawiki.day} at {mediawiki.time}, not before: {mediawiki.link}',
    ],
  },
  {
    key: 'banner',
    title: 'All wikis will be read-only from {mediawiki.time}',
    at: { of: 'mediawiki', minutes: -30 },
    tellWithin: { minutes: 30 },
    audiences: ['community'],
    text: [
      'On {mediawiki.day} from {mediawiki.times} you will be able to read, but not edit, all wikis for a few minutes. Please copy your text before you save, and try again a few minutes later.',
    ],
  },
  {
    key: 'read-only',
    title: 'MediaWiki switches from {from} to {to}: read-only is planned to start',
    at: { of: 'mediawiki' },
    tellWithin: { minutes: 5 },
    audiences: ['everyone'],
    text: [
      'Read-only is planned to start on {mediawiki.day} at {mediawiki.times} and is expected to last 2 to 3 minutes. Reading is not affected.',
    ],
  },
  {
    key: 'repool',
    title: 'Repool {from}',
    at: { of: 'repool' },
    tellWithin: { days: 1 },
    audiences: ['engineers'],
    text: [
      'All traffic went to {to} alone since {mediawiki.day}. Repool {from} on {repool.day} at {repool.time}, unless maintenance there still goes on.',
    ],
  },
  {
    key: 'recap',
    title: 'Recap of the datacenter switchover from {from} to {to}',
    at: { of: 'mediawiki', weeks: 1 },
    tellWithin: { weeks: 1 },
    audiences: ['everyone'],
    text: [
      'The recap report of the datacenter switchover from {from} to {to} is due within a week of {mediawiki.day}: how long wikis were read-only, what went well and what did not.',
    ],
  },
];
