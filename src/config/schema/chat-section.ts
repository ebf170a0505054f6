import { line, list, matching, name, oneOf, section } from './fields.js';

const AUDIENCES = ['engineers', 'community', 'community-relations', 'ambassadors', 'translators'] as const;

const destination = section({
  platform: oneOf(['terminal'], 'a chat that this version can speak to:'),
  channel: matching(
    /^[^\s\p{C}]{1,80}$/u,
    'a channel, in quotes where it begins with #, such as "#operations"',
  ),
  audiences: list(oneOf(AUDIENCES), 'audiences', 0, AUDIENCES.length).default([]),
  project: name('the project that !log writes to', 'production').optional(),
  verbosity: oneOf(['tasks', 'phases', 'results', 'nothing']).default('phases'),
});

export const chatSection = section({
  prefix: matching(
    /^[^\s\p{C}A-Za-z0-9][^\s\p{C}]{0,30}$/u,
    'a word that begins with a sign, such as "!switchdc"',
  ).default('!switchdc'),
  destinations: list(destination, 'destinations', 0, 200).default([]),
}).prefault({});

export const salSection = section({
  entryUrl: line('the address of an entry', 500)
    .refine((url) => /^https?:\/\/\S+$/.test(url) && url.split('{id}').length === 2, {
      error:
        'a web address with {id} in the place of the entry’s number, such as https://sal.example.org/log/{id}',
    })
    .optional(),
}).prefault({});
