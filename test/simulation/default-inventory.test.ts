import { expect, test } from '@jest/globals';
import { datacenter, section } from '../../src/domain/names.js';
import { expandHostQuery } from '../../src/hosts/host-query.js';
import { datacenterOfHost } from '../../src/hosts/inventory.js';
import { defaultInventory } from '../../src/simulation/default-inventory.js';
import { shapeOf } from '../../src/simulation/world-shape.js';
import { practiceInstallation } from '../support/practice-installation.js';

test('the hosts of the simulated pair are named as the field names them', () => {
  const inventory = defaultInventory(practiceInstallation);
  const find = (query: string) => expandHostQuery(query, inventory);
  expect(find('A:mw-maintenance')).toEqual(['mwmaint1002.eqiad.wmnet', 'mwmaint2002.codfw.wmnet']);
  expect(find('A:deployment and A:codfw')).toEqual(['deploy2002.codfw.wmnet']);
  expect(find('A:db-primary and A:eqiad')).toHaveLength(12);
  expect(find('A:appserver and A:codfw')).toHaveLength(4);
  expect(find('A:dns-auth')).toHaveLength(3);
  expect(find('A:dns-rec')).toEqual(['dns1004.eqiad.wmnet', 'dns2004.codfw.wmnet']);
});

test('a pair with other names, other sections and other numbers has its own hosts', () => {
  const installation = {
    ...practiceInstallation,
    datacenters: { northern: datacenter('north'), southern: datacenter('south') },
    sections: [section('m1')],
    wiki: { ...practiceInstallation.wiki, appServers: { north: 2, south: 3 } },
    dns: { ...practiceInstallation.dns, servers: ['ns.example.org'] },
  };
  const shape = shapeOf(installation, defaultInventory(installation));
  expect(shape.appServersBySide.map((side) => side.length)).toEqual([2, 3]);
  expect(shape.dnsServers).toMatchObject([{ name: 'ns.example.org', host: 'ns.example.org' }]);
  expect(shape.maintenanceHosts.map(({ host }) => host)).toEqual([
    'mwmaint1002.north.wmnet',
    'mwmaint2002.south.wmnet',
  ]);
});

test('a host belongs to the datacenter that is one of its labels', () => {
  const datacenters = [datacenter('eqiad'), datacenter('codfw')];
  expect(datacenterOfHost('mw1414.eqiad.wmnet', datacenters)).toBe('eqiad');
  expect(datacenterOfHost('eqiad.example.org', datacenters)).toBeUndefined();
  expect(datacenterOfHost('mw1414.eqiadx.wmnet', datacenters)).toBeUndefined();
});
