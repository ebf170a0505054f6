import { describe } from '@jest/globals';
import { setting, tellsOf } from './mistake-rows.js';

const operation = {
  on: 'A:maintenance',
  run: { argv: ['true'] },
  probe: { argv: ['true'], fact: 'it' },
  wanted: 'so',
};

const hosts = { inventory: ['mwmaint1.eqiad.wmnet'], aliases: { maintenance: 'mwmaint*' }, operations: {} };

describe('values that do not go together', () => {
  tellsOf([
    [
      'a lowered TTL that is longer',
      setting('dns.loweredTtl', '600 s'),
      'dns.loweredTtl',
      '"600 s"',
      /shorter than the normal one/,
    ],
    [
      'a normal TTL that is shorter',
      setting('dns.ttl', '5 s'),
      'dns.ttl',
      '"5 s"',
      /shorter than the normal one/,
    ],
    [
      'northern and southern the same',
      setting('datacenters.southern.name', 'eqiad'),
      'datacenters.southern.name',
      '"eqiad"',
      /another datacenter/,
    ],
    [
      'a section twice',
      setting('sections', ['s1', 's2', 's1']),
      'sections[2]',
      '"s1"',
      /once; it is already in sections\[0\]/,
    ],
    [
      'app servers of another datacenter',
      setting('wiki.appServers', { eqaid: 4 }),
      'wiki.appServers.eqaid',
      'unknown datacenter',
      /one of eqiad, codfw/,
      'did you mean "eqiad"?',
    ],
    [
      'a record without addresses',
      setting('dns.addresses.mw-jobrunner', undefined),
      'dns.addresses.mw-jobrunner',
      'missing',
      /addresses of a read-write record/,
    ],
    [
      'a record without one of its addresses',
      setting('dns.addresses.mw-jobrunner.codfw', undefined),
      'dns.addresses.mw-jobrunner.codfw',
      'missing',
      /mw-jobrunner in codfw/,
    ],
    [
      'a record with one address for both',
      setting('dns.addresses.mw-jobrunner.codfw', '10.2.2.34'),
      'dns.addresses.mw-jobrunner.codfw',
      '"10.2.2.34"',
      /another address than in eqiad/,
    ],
    [
      'an address in a third datacenter',
      setting('dns.addresses.mw-jobrunner.esams', '10.2.3.1'),
      'dns.addresses.mw-jobrunner.esams',
      'unknown datacenter',
      /one of/,
    ],
    [
      'a role that is not defined',
      setting('people.2.roles.0', 'aprover'),
      'people[2].roles[0]',
      '"aprover"',
      /^a role that is defined: operator/,
      'did you mean "approver"?',
    ],
    [
      'a needed role that is not defined',
      setting('approvals', { live: { needs: ['dbas'] } }),
      'approvals.live.needs[0]',
      '"dbas"',
      /^a role that is defined/,
      'did you mean "dba"?',
    ],
    [
      'an answering role that is not defined',
      setting('gates', { 2: { mayAnswer: ['everybody'] } }),
      'gates.2.mayAnswer[0]',
      '"everybody"',
      /^a role that is defined/,
    ],
    [
      'a role twice',
      setting('people.1.roles', ['operator', 'operator']),
      'people[1].roles[1]',
      '"operator"',
      /each name once/,
    ],
    [
      'a person twice',
      setting('people.3.name', 'bob'),
      'people[3].name',
      '"bob"',
      /already in people\[1\]\.name/,
    ],
    [
      'two persons with one identity',
      setting('people.3.identities', [{ irc: 'BOB' }]),
      'people[3].identities[0]',
      '"irc:bob"',
      /already in people\[1\]\.identities\[0\]/,
    ],
    [
      'a person with one identity twice',
      setting('people.3.identities', [{ irc: 'dan' }, { irc: 'Dan' }]),
      'people[3].identities[1]',
      '"irc:dan"',
      /already in people\[3\]\.identities\[0\]/,
    ],
    [
      'nobody who may operate',
      (data) => setting('roles.operator.may', ['log'])(data),
      'people',
      'a list',
      /nobody could start a run/,
    ],
    [
      'a policy that nobody could fulfil',
      setting('approvals', { live: { approvals: 4 } }),
      'approvals.live',
      '4 GOs of approver',
      /only bob, carol and dan may answer/,
    ],
    [
      'a role that may not approve',
      setting('approvals', { live: { mayAnswer: ['approver', 'traffic'] } }),
      'approvals.live.mayAnswer[1]',
      '"traffic"',
      /^a role that may approve: approver$/,
    ],
    [
      'a needed role that nobody holds who may answer',
      setting('gates', { 1: { needs: ['community-relations'] } }),
      'gates.1',
      '1 GO of operator, approver, dba, traffic or service-operations and among them community-relations',
      /what somebody can fulfil/,
    ],
    [
      'a channel twice',
      setting('chat.destinations.1.channel', '#operations'),
      'chat.destinations[1].channel',
      '"#operations"',
      /already in chat\.destinations\[0\]/,
    ],
    [
      'an override of no event',
      setting('calendar', { overrides: [{ kind: 'cancel', event: '2026-north', reason: 'why' }] }),
      'calendar.overrides[0]',
      'cancel of "2026-north"',
      /did you mean 2026-northward/,
    ],
    [
      'a day that does not exist',
      setting('calendar', {
        overrides: [{ kind: 'move', event: '2026-northward', reason: 'why', to: '2026-02-30' }],
      }),
      'calendar.overrides[0]',
      'move of "2026-northward"',
      /no such day/,
    ],
    [
      'the second of two overrides that do not go together',
      setting('calendar', {
        overrides: [
          { kind: 'cancel', event: '2026-northward', reason: 'why' },
          { kind: 'retime', event: '2026-northward', reason: 'why', at: '15:00' },
        ],
      }),
      'calendar.overrides[1]',
      'retime of "2026-northward"',
      /follows its cancellation/,
    ],
    [
      'an alias that is not defined',
      setting('hosts', {
        ...hosts,
        operations: { 'lock-deployments': { ...operation, on: 'A:maintanence' } },
      }),
      'hosts.operations.lock-deployments.on',
      '"A:maintanence"',
      /did you mean A:maintenance\?/,
    ],
    [
      'an alias of an unknown host',
      setting('hosts', { ...hosts, aliases: { maintenance: 'mwmaint9' } }),
      'hosts.aliases.maintenance',
      '"mwmaint9"',
      /expected a known host/,
    ],
    [
      'an operation on no hosts of one datacenter',
      setting('hosts', {
        ...hosts,
        operations: { 'lock-deployments': { ...operation, on: '*.{dc}.wmnet' } },
      }),
      'hosts.operations.lock-deployments.on',
      '"*.{dc}.wmnet"',
      /names no host/,
    ],
    [
      'an operation on hosts that are named after discovery records',
      setting('hosts', {
        ...hosts,
        operations: { 'lock-deployments': { ...operation, on: 'A:maintenance or {records}' } },
      }),
      'hosts.operations.lock-deployments.on',
      '"A:maintenance or {records}"',
      /expected a host name/,
    ],
    [
      'an operation on the hosts of whichever datacenter is left',
      setting('hosts', {
        ...hosts,
        operations: { 'lock-deployments': { ...operation, on: 'A:maintenance and *.{from}.*' } },
      }),
      'hosts.operations.lock-deployments.on',
      '"A:maintenance and *.{from}.*"',
      /expected a host name/,
    ],
    [
      'a host of the inventory that would have to be looked up',
      setting('hosts', { ...hosts, inventory: ['mwmaint*'] }),
      'hosts.inventory[0]',
      '"mwmaint*"',
      /character 8: expected the whole name/,
    ],
  ]);
});
