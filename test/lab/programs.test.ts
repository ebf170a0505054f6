import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { LabGround } from '../../lab/lab-ground.js';
import { labOperations } from '../../lab/operations.js';
import { type OperationName, fillCommand } from '../../src/hosts/operation.js';
import {
  PERIODIC_JOBS,
  type ProgramHost,
  type ProgramHosts,
  maintenanceHost,
  onProgramHosts,
  scriptsOn,
  until,
  webServer,
} from './program-hosts.js';

let ground: LabGround;
let hosts: ProgramHosts;
onProgramHosts((opened, on) => {
  hosts = opened;
  ground = on;
});

describe('the operations of the lab', () => {
  const run = (host: ProgramHost, name: OperationName, reason = 'a reason') =>
    host.run(fillCommand(labOperations()[name].run, { reason, dc: 'codfw' }).argv);
  const fact = async (host: ProgramHost, name: OperationName): Promise<string> => {
    const { probe } = labOperations()[name];
    const { code, output, trouble } = await host.run(fillCommand(probe, { dc: 'codfw' }).argv);
    return probe.okCodes.includes(code ?? -1) ? output : `${code}: ${output}${trouble}`;
  };

  test.each<[OperationName, string, string, (host: ProgramHost) => Promise<unknown>]>([
    ['lock-deployments', 'deploy1002.eqiad.wmnet', 'unlocked', async () => undefined],
    ['unlock-deployments', 'deploy1002.eqiad.wmnet', 'locked', (host) => run(host, 'lock-deployments')],
    ['disable-puppet', 'mwmaint1002.eqiad.wmnet', 'enabled', async () => undefined],
    ['enable-puppet', 'mwmaint1002.eqiad.wmnet', 'disabled', (host) => run(host, 'disable-puppet')],
    ['run-puppet', 'mwmaint1002.eqiad.wmnet', 'outdated', () => hosts.primaryIs('codfw')],
    ['stop-periodic-jobs', 'mwmaint1002.eqiad.wmnet', 'running', async () => undefined],
    ['start-periodic-jobs', 'mwmaint2002.codfw.wmnet', 'stopped', async () => undefined],
    [
      'kill-maintenance-scripts',
      'mwmaint1002.eqiad.wmnet',
      '3',
      async (host) => {
        await until(
          () => scriptsOn(host),
          (count) => count === '3',
        );
        await host.tell('systemctl', 'stop', PERIODIC_JOBS);
      },
    ],
    ['restart-job-runners', 'jobrunner1001.eqiad.wmnet', 'old', () => hosts.pool('eqiad', false)],
    ['run-puppet-on-primaries', 'db1101.eqiad.wmnet', 'outdated', () => hosts.primaryIs('codfw')],
  ])('%s on %s: %s before, as wanted after', async (name, hostName, before, prepare) => {
    const host = hosts.host(hostName);
    try {
      await host.tell('boot-host');
      await prepare(host);
      expect(await fact(host, name)).toBe(before);
      expect(labOperations()[name].run.okCodes).toContain((await run(host, name)).code);
      // A process that was told to end takes a moment.
      await until(
        () => fact(host, name),
        (seen) => seen === labOperations()[name].wanted,
      );
    } finally {
      await host.run(['systemctl', 'stop', PERIODIC_JOBS]);
      await host.run(['systemctl', 'stop', 'envoyproxy']);
      await host.run(['pkill', '--signal', 'KILL', '--full', 'mwscript']);
    }
  });

  test('are commands that only the hosts have which they are for', async () => {
    const appServer = hosts.host('mw1414.eqiad.wmnet');
    const known = { 'kill-maintenance-scripts': 1, 'remove-stale-confd-errors': 1 };
    for (const name of Object.keys(labOperations()) as OperationName[]) {
      const code = name in known ? 1 : labOperations()[name].run.argv[0] === 'systemctl' ? 5 : 127;
      expect([name, (await run(appServer, name)).code]).toEqual([name, code]);
    }
  });

  test('that need the state store say so when it is gone, and do nothing', async () => {
    await using host = await maintenanceHost(hosts, 'mwmaint1002.eqiad.wmnet');
    await hosts.primaryIs('codfw');
    const gone = { LAB_ETCD: `http://127.0.0.1:${await ground.ports.next()}` };
    const answer = await host.run(['run-puppet-agent'], gone);
    expect(answer).toMatchObject({ code: 1, output: '' });
    expect(answer.trouble).toContain('the state store does not answer');
    expect(await host.run(['puppet-catalog-status'], gone)).toMatchObject({ code: 1, output: '' });
    expect(await host.tell('periodic-jobs-status')).toBe('running');
    const oneGone = { LAB_ETCD: `${gone.LAB_ETCD},${hosts.storeUrl}` };
    expect(await host.run(['puppet-catalog-status'], oneGone)).toMatchObject({ code: 0, output: 'outdated' });
  });

  test('that need the state store answer in time when it is frozen', async () => {
    const host = hosts.host('db1101.eqiad.wmnet');
    hosts.store.freeze();
    try {
      expect(await host.run(['database-role-status'])).toMatchObject({ code: 1, output: '' });
    } finally {
      hosts.store.thaw();
    }
  });
});

describe('the deploy lock', () => {
  const reasons = ['$(reboot); `id` "x" \'y\' && z | w > /tmp/f', '--help', '  ', '%s\\n', 'zwei\nZeilen'];

  test.each(reasons)('stops deployments, with its reason as it was given: %j', async (reason) => {
    const host = hosts.host('deploy1002.eqiad.wmnet', { LAB_DEPLOY_SECONDS: '0' });
    await host.tell('scap', 'lock', '--all', reason);
    const before = hosts.lines('deployments');
    const refused = await host.run(['scap', 'sync-world', 'a change']);
    expect(refused).toMatchObject({ code: 1, trouble: `scap: deployments are locked: ${reason}`.trimEnd() });
    expect(hosts.lines('deployments')).toEqual(before);
    await host.tell('scap', 'lock', '--unlock-all', reason);
    await host.tell('scap', 'sync-world', 'a change');
    expect(hosts.lines('deployments')).toHaveLength(before.filter((line) => line !== '').length + 1);
  });

  test('waits for a deployment that is under way', async () => {
    const host = hosts.host('deploy1002.eqiad.wmnet', { LAB_DEPLOY_SECONDS: '0.5' });
    await host.tell('deploy-lock-status');
    const before = hosts.lines('deployments').length;
    const deployment = host.tell('scap', 'sync-world', 'the last one');
    const file = path.join(host.env['LAB_STATE'] ?? '', 'host', 'deploy-under-way');
    await until(
      () => host.run(['flock', '-n', file, 'true']),
      ({ code }) => code === 1,
    );
    await host.tell('scap', 'lock', '--all', 'a reason');
    expect(hosts.lines('deployments').length).toBe(before + 1);
    await deployment;
  });
});

describe('puppet', () => {
  test('that is disabled does not run, and only whoever knows the reason enables it', async () => {
    await using host = await maintenanceHost(hosts, 'mwmaint1002.eqiad.wmnet');
    await host.tell('disable-puppet', 'somebody else works here');
    await host.tell('disable-puppet', 'a switchover');
    expect(await host.run(['run-puppet-agent'])).toMatchObject({
      code: 1,
      trouble: 'puppet is disabled: somebody else works here',
    });
    expect((await host.run(['enable-puppet', 'a switchover'])).code).toBe(1);
    expect(await host.tell('puppet-status')).toBe('disabled');
    await host.tell('enable-puppet', 'somebody else works here');
    expect(await host.tell('puppet-status')).toBe('enabled');
    await host.tell('disable-puppet', 'again');
    await host.tell('enable-puppet', '--force', 'an emergency');
    expect(await host.tell('run-puppet-agent')).toBe('applied the catalog');
  });

  test('moves the maintenance jobs to the datacenter that is primary now', async () => {
    await using old = await maintenanceHost(hosts, 'mwmaint1002.eqiad.wmnet');
    await using next = await maintenanceHost(hosts, 'mwmaint2002.codfw.wmnet');
    const jobs = () => Promise.all([old, next].map((host) => host.tell('periodic-jobs-status')));
    expect(await jobs()).toEqual(['running', 'stopped']);
    await hosts.primaryIs('codfw');
    for (const host of [old, next]) await host.tell('run-puppet-agent');
    expect(await jobs()).toEqual(['stopped', 'running']);
    await old.tell('systemctl', 'start', PERIODIC_JOBS);
    expect(await old.tell('puppet-catalog-status')).toBe('outdated');
  });

  test('runs by itself, and starts jobs again that were stopped, unless it is disabled', async () => {
    await using host = await maintenanceHost(hosts, 'mwmaint1002.eqiad.wmnet', { LAB_PUPPET_EVERY: '0.1' });
    try {
      await host.tell('systemctl', 'stop', PERIODIC_JOBS);
      await until(
        () => host.tell('periodic-jobs-status'),
        (jobs) => jobs === 'running',
      );
      await host.tell('disable-puppet', 'a reason');
      await host.tell('systemctl', 'stop', PERIODIC_JOBS);
      const log = path.join(host.env['LAB_STATE'] ?? '', 'host', 'puppet-agent-timer.log');
      const refusals = (): number => readFileSync(log, 'utf8').split('puppet is disabled').length;
      const seen = refusals();
      await until(refusals, (now) => now >= seen + 2);
      expect(await host.tell('periodic-jobs-status')).toBe('stopped');
    } finally {
      await host.tell('systemctl', 'stop', 'puppet-agent.timer');
    }
  });
});

describe('job runners', () => {
  test('stay connected when their datacenter is depooled, however briefly it was pooled', async () => {
    const from = hosts.host('jobrunner1001.eqiad.wmnet');
    const to = hosts.host('jobrunner2001.codfw.wmnet');
    const connections = () => Promise.all([from, to].map((host) => host.tell('job-runner-connections')));
    try {
      expect(await connections()).toEqual(['stopped', 'stopped']);
      for (const host of [from, to]) await host.tell('boot-host');
      expect(await connections()).toEqual(['current', 'current']);
      // The switchover.
      await hosts.pool('codfw', true);
      await hosts.pool('eqiad', false);
      expect(await connections()).toEqual(['old', 'current']);
      await from.tell('systemctl', 'restart', 'envoyproxy');
      expect(await connections()).toEqual(['current', 'current']);
      // It is taken back.
      await hosts.pool('codfw', false);
      await until(connections, ([, second]) => second === 'old');
      await to.tell('systemctl', 'restart', 'envoyproxy');
      expect(await connections()).toEqual(['current', 'current']);
    } finally {
      for (const host of [from, to]) await host.tell('systemctl', 'stop', 'envoyproxy');
    }
  });
});

describe('the warm-up', () => {
  test('requests pages from the app servers of one datacenter, until its caches are warm', async () => {
    const asked: string[] = [];
    const appServer = (dc: string) =>
      webServer((request, response) => {
        asked.push(`${dc} ${new URL(request.url ?? '', 'http://x').pathname}`);
        response.end('a page');
      });
    await using eqiad = await appServer('eqiad');
    await using codfw = await appServer('codfw');
    const host = hosts.host('mwmaint1002.eqiad.wmnet', {
      LAB_APP_SERVERS: `eqiad=${eqiad.url},codfw=${codfw.url},codfw=${codfw.url}`,
    });
    const states: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      states.push(await host.tell('mediawiki-cache-status', 'codfw'));
      expect(await host.run(['mediawiki-cache-warmup', 'codfw'])).toMatchObject({ code: 0, trouble: '' });
    }
    expect(states).toEqual(Array(6).fill('cold'));
    expect(await host.tell('mediawiki-cache-status', 'codfw')).toBe('warm');
    expect(asked).toHaveLength(6 * 2 * 3);
    expect(new Set(asked)).toEqual(new Set(['codfw /index.php', 'codfw /api.php', 'codfw /load.php']));
    expect(await host.tell('mediawiki-cache-status', 'eqiad')).toBe('warm');
    await codfw.close();
    const failed = await host.run(['mediawiki-cache-warmup', 'codfw']);
    expect(failed.code).toBe(1);
    expect(failed.trouble).toContain('an app server of codfw did not answer');
  });

  test('takes as long as what is not warm yet asks', async () => {
    const host = hosts.host('mwmaint1002.eqiad.wmnet', {
      LAB_WARM_ROUND: '100',
      LAB_COLD_EXTRA: '800',
      LAB_SHARED: ground.folderFor('cold'),
    });
    // Lower bounds: nothing can be faster.
    for (const least of [900, 500, 300]) {
      const began = performance.now();
      await host.tell('mediawiki-cache-warmup', 'codfw');
      expect(performance.now() - began).toBeGreaterThanOrEqual(least - 1);
    }
  });

  test('refuses a datacenter that there is not', async () => {
    const host = hosts.host('mwmaint1002.eqiad.wmnet');
    for (const name of ['mediawiki-cache-warmup', 'mediawiki-cache-status'])
      expect(await host.run([name, 'esams'])).toMatchObject({
        code: 2,
        trouble: 'there is no datacenter esams',
      });
  });
});

describe('DNS hosts', () => {
  test('lose the error files of discovery records, and nothing else', async () => {
    const folder = ground.folderFor('confd');
    const host = hosts.host('ns0.eqiad.wmnet', { LAB_CONFD: folder });
    expect(await host.tell('confd-errors-status')).toBe('none');
    for (const file of ['.discovery-mw-web-rw.err', 'discovery-mw-web-rw.state', '.other.err'])
      writeFileSync(path.join(folder, file), '');
    expect(await host.tell('confd-errors-status')).toBe('stale');
    await host.tell(...labOperations()['remove-stale-confd-errors'].run.argv);
    expect(await host.tell('confd-errors-status')).toBe('none');
    expect(readdirSync(folder)).toEqual(['.other.err', 'discovery-mw-web-rw.state']);
    for (const command of [['rec_control', 'wipe-cache'], ['recursor-cache-status']])
      expect((await host.run([...command, 'x'])).code).toBe(127);
  });
});

test('a host that is booted is as at first', async () => {
  const host = hosts.host('mwmaint1002.eqiad.wmnet');
  await host.tell('boot-host');
  await host.tell('disable-puppet', 'a reason');
  await until(
    () => scriptsOn(host),
    (count) => count === '3',
  );
  await hosts.primaryIs('codfw');
  await host.tell('boot-host');
  expect(await host.tell('puppet-status')).toBe('enabled');
  expect(await host.tell('periodic-jobs-status')).toBe('stopped');
  await until(
    () => scriptsOn(host),
    (count) => count === '0',
  );
  expect(existsSync(path.join(host.env['LAB_STATE'] ?? '', 'host', 'catalog'))).toBe(true);
});
