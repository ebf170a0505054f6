import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { whoamiCommand } from '../../commands/whoami.js';
import { directoryOf } from '../../src/access/directory.js';
import type { Identity } from '../../src/access/person.js';
import type { Role } from '../../src/access/role.js';
import { personOf } from '../../src/config/person-of.js';
import { personSection } from '../../src/config/schema/people-sections.js';
import { role } from '../../src/domain/names.js';
import { alice, ask, byAlice, callBy, seen } from './support.js';

const roles: readonly Role[] = [
  { name: role('operator'), description: 'runs it', may: ['operate', 'log'] },
  { name: role('approver'), description: 'approves', may: ['approve'] },
];
const whoami = whoamiCommand(roles);

test('tells a person the roles, what they allow, and by which lines', async () => {
  const reply = await ask(whoami);
  expect(seen(reply)).toBe(
    [
      'You are alice (unix:alice) at terminal/#operations, with operator; you may operate and log.',
      'By these lines of the configuration:',
      'people:',
      '  - name: alice',
      '    identities:',
      '      - unix: "alice"',
    ].join('\n'),
  );
  expect(reply.data).toEqual({
    person: 'alice',
    roles: ['operator'],
    may: ['operate', 'log'],
    identity: 'unix:alice',
    chat: 'terminal/#operations',
  });
});

test('a person without a role may look', async () => {
  const reply = await ask(whoami, '', callBy({ ...alice, roles: [] }, alice.identities[0]));
  expect(seen(reply)).toContain('without a role; you may look.');
});

test.each<[Identity, unknown]>([
  [{ kind: 'irc', account: 'Bob' }, { irc: 'Bob' }],
  [{ kind: 'slack', team: 'T1', user: 'U2' }, { slack: { team: 'T1', user: 'U2' } }],
  [{ kind: 'unix', user: 'yes' }, { unix: 'yes' }],
  [{ kind: 'irc', account: 'a"b\\: c#' }, { irc: 'a"b\\: c#' }],
])('somebody unknown as %j is told the lines that would change that', async (identity, expected) => {
  const text = seen(await ask(whoami, '', callBy(undefined, identity)));
  expect(text).toContain('not in the configuration: you may look, and change nothing.');
  expect(parse(text.slice(text.indexOf('people:')))).toEqual({
    people: [{ name: 'YOUR-NAME', roles: ['A-ROLE'], identities: [expected] }],
  });
});

test('the lines that it prints bind whom it saw, once they are in the configuration', async () => {
  const account = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  const id = fc.stringMatching(/^[A-Z0-9]{2,30}$/);
  const identity = fc.oneof(
    account.map((name): Identity => ({ kind: 'irc', account: name })),
    account.map((name): Identity => ({ kind: 'unix', user: name })),
    fc.tuple(id, id).map(([team, user]): Identity => ({ kind: 'slack', team: `T${team}`, user: `U${user}` })),
  );
  await fc.assert(
    fc.asyncProperty(identity, async (one) => {
      const text = seen(await ask(whoami, '', callBy(undefined, one)));
      const lines = text
        .slice(text.indexOf('people:'))
        .replace('YOUR-NAME', 'somebody')
        .replace('A-ROLE', 'operator');
      const [written] = (parse(lines) as { people: unknown[] }).people;
      const read = personSection.safeParse(written);
      // What the configuration refuses, no platform vouches for.
      fc.pre(read.success);
      const bound = directoryOf([personOf(read.data)], { allowed: false, because: 'so' });
      expect(bound.personOf(one)?.name).toBe('somebody');
    }),
  );
});

test('a guest of a workspace is told that there is nothing to log in to', async () => {
  const reply = await ask(whoami, '', callBy(undefined, undefined, { chat: 'slack/#operations' }));
  expect(seen(reply)).toContain(
    'Guests, bots and people of other workspaces are not taken for anybody here.',
  );
});

test('somebody the chat does not vouch for is told to log in there', async () => {
  const reply = await ask(whoami, '', callBy(undefined, undefined));
  expect(seen(reply)).toContain('You are nobody I can name');
  expect(seen(reply)).toContain('Log in to the services of this network');
  expect(reply.data).toMatchObject({ person: null, identity: null, may: [] });
});

test('somebody who is spoken for is bound by nothing', async () => {
  const reply = await ask(
    whoami,
    '',
    callBy(alice, { kind: 'practice', name: 'alice' }, { now: byAlice.now }),
  );
  expect(seen(reply)).toBe(
    'You are alice (practice:alice) at terminal/#operations, with operator; you may operate and log.',
  );
});
