import type { z } from 'zod';
import type { configFile } from './schema/config-file.js';

/**
 * The practice configuration, for when there is no file: the names of Wikimedia's two core datacenters, and six people
 * who do not exist. It is configuration like any other, in the form of `switchdc.example.yaml` and checked by the same
 * schema; what has a default there is left out here.
 *
 * `unixUser`, who runs the process, is alice: an operator. Only here does running the program make somebody one; with
 * a file, nobody is known who is not in it.
 */
export function embeddedData(unixUser: string): z.input<typeof configFile> {
  return {
    installation: 'practice',
    datacenters: {
      northern: { name: 'eqiad', city: 'Ashburn, Virginia' },
      southern: { name: 'codfw', city: 'Dallas, Texas' },
    },
    sections: ['s6', 's5', 's2', 's7', 's3', 's8', 's4', 's1', 'x1', 'x3', 'es6', 'es7'],
    wiki: {
      readWriteRecords: ['mw-web-rw', 'mw-api-ext-rw', 'mw-api-int-rw', 'mw-jobrunner'],
      appServers: { eqiad: 4, codfw: 4 },
    },
    dns: {
      servers: ['ns0', 'ns1', 'ns2'],
      addresses: {
        'mw-web-rw': { eqiad: '10.2.2.31', codfw: '10.2.1.31' },
        'mw-api-ext-rw': { eqiad: '10.2.2.32', codfw: '10.2.1.32' },
        'mw-api-int-rw': { eqiad: '10.2.2.33', codfw: '10.2.1.33' },
        'mw-jobrunner': { eqiad: '10.2.2.34', codfw: '10.2.1.34' },
      },
    },
    people: [
      // The newest member of the team: each time it is the newest one who performs the switchover.
      { name: 'alice', roles: ['operator'], identities: [{ unix: unixUser }, { irc: 'alice' }] },
      {
        name: 'bob',
        roles: ['operator', 'approver', 'service-operations'],
        identities: [{ irc: 'bob' }, { slack: { team: 'T0PRACTICE', user: 'U0BOB' } }],
      },
      { name: 'carol', roles: ['approver', 'dba'], identities: [{ irc: 'carol' }] },
      { name: 'dan', roles: ['approver', 'traffic'], identities: [{ irc: 'dan' }] },
      { name: 'erin', roles: ['release-engineering'], identities: [{ irc: 'erin' }] },
      { name: 'frank', roles: ['community-relations'], identities: [{ irc: 'frank' }] },
    ],
    roles: {
      operator: {
        description: 'performs switchovers',
        may: ['operate', 'answer', 'confirm', 'log', 'announce'],
      },
      approver: { description: 'approves what an operator asks for', may: ['approve', 'answer', 'log'] },
      dba: { description: 'looks after the database primaries', may: ['answer', 'confirm', 'log'] },
      traffic: { description: 'looks after the CDN and DNS', may: ['answer', 'confirm', 'log'] },
      'service-operations': {
        description: 'looks after the application servers and the services',
        may: ['answer', 'confirm', 'log'],
      },
      'release-engineering': { description: 'looks after deployments', may: ['confirm', 'log'] },
      'community-relations': {
        description: 'tells the communities, and looks after banners and translations',
        may: ['confirm', 'log', 'announce'],
      },
    },
    chat: {
      destinations: [
        {
          platform: 'terminal',
          channel: '#operations',
          audiences: ['engineers', 'community-relations'],
          project: 'production',
          verbosity: 'tasks',
        },
        {
          platform: 'terminal',
          channel: '#community',
          audiences: ['community', 'ambassadors', 'translators'],
          verbosity: 'milestones',
        },
      ],
    },
  };
}
