import type { Installation } from '../../src/domain/installation.js';
import { MINUTE, SECOND } from '../../src/domain/instant.js';
import { datacenter, section } from '../../src/domain/names.js';

export const eqiad = datacenter('eqiad');
export const codfw = datacenter('codfw');

/** The installation of most tests: the field's own names and numbers. */
export const practiceInstallation: Installation = {
  name: 'practice',
  datacenters: { northern: eqiad, southern: codfw },
  sections: ['s6', 's5', 's2', 's7', 's3', 's8', 's4', 's1', 'x1', 'x3', 'es6', 'es7'].map(section),
  wiki: {
    readWriteRecords: ['mw-web-rw', 'mw-api-ext-rw', 'mw-jobrunner'],
    configCacheLifetime: 10 * SECOND,
    readOnlyReason: 'Editing is not possible for a few minutes. Please copy your text and try again.',
    drain: 10 * SECOND,
    drainAtLeast: SECOND / 2,
    readOnlyBudget: 3 * MINUTE,
    appServers: { eqiad: 4, codfw: 4 },
  },
  dns: { ttl: 300, loweredTtl: 10, servers: ['ns0', 'ns1', 'ns2'] },
};
