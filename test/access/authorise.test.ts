import { describe, expect, test } from '@jest/globals';
import { type AccessRules, authorise, authoriseRole } from '../../src/access/authorise.js';
import { CAPABILITY_NAMES } from '../../src/access/capability.js';
import type { Person } from '../../src/access/person.js';
import { person, role } from '../../src/domain/names.js';

const somebody = (name: string, ...roles: string[]): Person => ({
  name: person(name),
  roles: roles.map(role),
  identities: [],
});
const alice = somebody('alice', 'operator');
const bob = somebody('bob', 'dba', 'approver');
const erin = somebody('erin');
const rules: AccessRules = {
  people: [alice, bob, erin],
  roles: [
    { name: role('operator'), description: 'runs it', may: ['operate', 'log'] },
    { name: role('approver'), description: 'approves', may: ['approve', 'answer'] },
    { name: role('dba'), description: 'databases', may: ['answer', 'log'] },
  ],
};

describe('what somebody may do', () => {
  test('any one of several roles is enough', () => {
    expect(authorise(rules, alice, 'operate')).toEqual({ ok: true });
    expect(authorise(rules, alice, 'log')).toEqual({ ok: true });
    expect(authorise(rules, bob, 'log')).toEqual({ ok: true });
    expect(authorise(rules, bob, 'answer')).toEqual({ ok: true });
  });

  test('a refusal says who they are, what would be needed and who has it', () => {
    expect(authorise(rules, bob, 'operate')).toEqual({
      ok: false,
      refusal:
        'You are bob, with the roles dba and approver. The role operator is needed to request, start, hold, resume, retry, skip and abort runs; alice has it.',
    });
    expect(authorise(rules, erin, 'log')).toEqual({
      ok: false,
      refusal:
        'You are erin, without a role. The role operator or dba is needed to write to the Server Admin Log; alice and bob have it.',
    });
  });

  test('somebody unknown may read and nothing else', () => {
    expect(authorise(rules, undefined, 'anyone')).toEqual({ ok: true });
    for (const capability of CAPABILITY_NAMES) expect(authorise(rules, undefined, capability).ok).toBe(false);
    expect(authorise(rules, undefined, 'approve')).toEqual({
      ok: false,
      refusal:
        'I do not know you: you are not in the configuration, so you may only look. The role approver is needed to approve or deny the request for a run; bob has it.',
    });
  });

  test('a capability that no role has is nobody’s', () => {
    expect(authorise(rules, alice, 'announce')).toEqual({
      ok: false,
      refusal:
        'You are alice, with the role operator. The configuration has no role to send, repeat or stop announcements.',
    });
  });

  test('a manual task needs the role it is assigned to', () => {
    expect(authoriseRole(rules, bob, role('dba'))).toEqual({ ok: true });
    expect(authoriseRole(rules, alice, role('dba'))).toMatchObject({ ok: false });
    expect(authoriseRole(rules, bob, role('traffic'))).toEqual({
      ok: false,
      refusal:
        'You are bob, with the roles dba and approver. The role traffic is needed for this; nobody has it.',
    });
  });

  test('a refusal stays short in a large team', () => {
    const team = Array.from({ length: 40 }, (_, i) => somebody(`operator${i}`, 'operator'));
    const refused = authorise({ ...rules, people: team }, erin, 'operate');
    expect(refused).toMatchObject({
      ok: false,
      refusal: expect.stringMatching(/operator5 and 34 more have it\.$/) as unknown,
    });
  });
});
