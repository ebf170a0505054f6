import { VERBOSITIES } from '../../chat/telling.js';
import { HOUR, SECOND } from '../../domain/instant.js';
import { length, line, list, matching, name, number, oneOf, section, whole } from './fields.js';

const AUDIENCES = ['engineers', 'community', 'community-relations', 'ambassadors', 'translators'] as const;

const destination = section({
  platform: oneOf(['terminal', 'irc', 'slack'], 'a chat that this version can speak to:'),
  channel: matching(
    /^[^\s\p{C}]{1,80}$/u,
    'a channel, in quotes where it begins with #, such as "#operations"',
  ),
  audiences: list(oneOf(AUDIENCES), 'audiences', 0, AUDIENCES.length).default([]),
  project: name('the project that !log writes to', 'production').optional(),
  verbosity: oneOf(VERBOSITIES).default('phases'),
});

/** When an open question is put once more: to the channel, by name, to each alone. */
export const USUAL_ROLL_CALL = {
  remindAfter: '5 min',
  mentionAfter: '10 min',
  directAfter: '15 min',
} as const;

/** How many lines are answered at once after a pause, and how many a minute then. */
function rate(burst: number, perMinute: number) {
  return section({
    burst: whole('how many lines are answered at once', 1, 10_000).default(burst),
    perMinute: number('how many lines are answered in a minute', 0.1, 100_000).default(perMinute),
  }).prefault({});
}

export const chatSection = section({
  prefix: matching(
    /^[^\s\p{C}A-Za-z0-9][^\s\p{C}]{0,30}$/u,
    'a word that begins with a sign, such as "!switchdc"',
  ).default('!switchdc'),
  destinations: list(destination, 'destinations', 0, 200).default([]),
  links: list(
    section({
      text: line('what the link is called', 40),
      address: line('a web address', 500).refine((address) => /^https?:\/\/\S+$/.test(address), {
        error: 'a web address, such as https://phabricator.wikimedia.org/{task}',
      }),
    }),
    'links',
    0,
    8,
  ).default([]),
  rollCall: section({
    remindAfter: length(SECOND, HOUR, '5 min').prefault(USUAL_ROLL_CALL.remindAfter),
    mentionAfter: length(SECOND, 2 * HOUR, '10 min').prefault(USUAL_ROLL_CALL.mentionAfter),
    directAfter: length(SECOND, 4 * HOUR, '15 min').prefault(USUAL_ROLL_CALL.directAfter),
  }).prefault({}),
  rates: section({
    people: rate(20, 60),
    strangers: rate(5, 6),
  }).prefault({}),
}).prefault({});

export const salSection = section({
  entryUrl: line('the address of an entry', 500)
    .refine((url) => /^https?:\/\/\S+$/.test(url) && url.split('{id}').length === 2, {
      error:
        'a web address with {id} in the place of the entry’s number, such as https://sal.example.org/log/{id}',
    })
    .optional(),
}).prefault({});
