import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openEtcdCluster } from '../../lab/etcd-cluster.js';
import { openGdnsdPair } from '../../lab/gdnsd-pair.js';
import { LabGround } from '../../lab/lab-ground.js';
import { labRecords } from '../support/dns-lab.js';
import { eventually } from '../support/eventually.js';

const PASSWORD = 'known-to-the-agents';

test('agents follow a cluster that asks for a password, through a lost token and a lost leader', async () => {
  await using ground = await LabGround.open();
  await using cluster = await openEtcdCluster(ground);
  await cluster.requireUsers({ name: 'agent', password: PASSWORD, prefix: '/conftool/v1/' });
  const passwordFile = path.join(ground.folder, 'agent.password');
  writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  const put = async (codfw: string, eqiad: string): Promise<void> => {
    for (const [dc, pooled] of Object.entries({ codfw, eqiad })) {
      const object = JSON.stringify({ pooled: pooled === 'UP', references: [], ttl: 300 });
      await cluster.etcdctl(['put', `/conftool/v1/discovery/swift/${dc}`, object]);
    }
  };
  await put('UP', 'DOWN');
  const pair = await openGdnsdPair(ground, {
    datacenters: [
      { name: 'codfw', clients: '10.192.0.0/16' },
      { name: 'eqiad', clients: '10.64.0.0/16' },
    ],
    records: labRecords.filter(({ name }) => name === 'swift'),
    etcd: cluster.endpoints,
    login: { user: 'agent', passwordFile },
    servers: ['ns0', 'ns1', 'ns2'],
  });
  const written = (codfw: string, eqiad: string): Promise<void> =>
    eventually(
      () =>
        pair.servers.every(
          ({ states }) =>
            readFileSync(path.join(states, 'discovery-swift.state'), 'utf8') ===
            `10.2.1.2 => ${codfw}/300\n10.2.2.2 => ${eqiad}/300\n`,
        ),
      `swift is written as ${codfw} and ${eqiad}`,
    );
  await written('UP', 'DOWN');

  // Every token of before is void.
  await cluster.allowEveryone();
  await cluster.requireUsers({ name: 'agent', password: PASSWORD, prefix: '/conftool/v1/' });
  await put('DOWN', 'UP');
  await written('DOWN', 'UP');

  await (await cluster.leader()).server.kill();
  await cluster.leader();
  await put('UP', 'UP');
  await written('UP', 'UP');
  for (const { agent } of pair.servers) expect(readFileSync(agent.spec.log, 'utf8')).not.toContain(PASSWORD);
}, 60_000);
