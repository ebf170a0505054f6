import { CAPABILITY_NAMES, type Capability } from '../../access/capability.js';
import { line, list, matching, name, named, oneOf, section, yesOrNo } from './fields.js';

const EXACTLY_ONE = 'exactly one of irc, slack and unix';

/** `*` and `0` are what IRC servers say for somebody who is not logged in: never the account of anybody. */
const ircAccount = matching(
  /^(?![*0]$)[^\s\p{C},!@]{1,64}$/u,
  'the name of an IRC services account (not a nick), such as alice',
);

const identity = section({
  irc: ircAccount.optional(),
  slack: section({
    team: matching(/^[TE][A-Z0-9]{2,30}$/, 'the id of a Slack team (not its name), such as T024BE7LD'),
    user: matching(/^[UW][A-Z0-9]{2,30}$/, 'the id of a Slack user (not a name), such as U023BECGF'),
  }).optional(),
  unix: matching(
    /^[^\s\p{C}](?:[^\p{C}]{0,254}[^\s\p{C}])?$/u,
    'the name of a Unix user, such as alice',
  ).optional(),
}).refine(({ irc, slack, unix }) => [irc, slack, unix].filter((one) => one !== undefined).length === 1, {
  error: EXACTLY_ONE,
});

export const roleName = name('a role', 'operator');

export const personSection = section({
  name: name('a person’s name', 'alice'),
  roles: list(roleName, 'roles', 0, 50),
  identities: list(identity, 'identities', 0, 50),
  bot: yesOrNo.default(false),
});

export const peopleSection = list(personSection, 'people', 1, 5_000);

export const rolesSection = named(
  roleName,
  section({
    description: line('what the role is for'),
    may: list(oneOf(CAPABILITY_NAMES as readonly [Capability, ...Capability[]]), 'capabilities', 0, 20),
  }),
  'roles',
);
