import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync, rmSync } from 'node:fs';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { labOperations } from '../../lab/operations.js';
import { type LabRecursor, openRecursor } from '../../lab/recursor.js';
import { TcpProxy } from '../../lab/tcp-proxy.js';
import { fillCommand } from '../../src/hosts/operation.js';
import { DnsLab, labClients } from '../support/dns-lab.js';
import { codfw, eqiad } from '../support/practice-installation.js';
import { eventually } from '../support/eventually.js';
import { ProgramHost } from './program-hosts.js';

/** State files of a record with the addresses 10.2.1.N (codfw) and 10.2.2.N (eqiad). */
const state = (last: number, inCodfw: string, inEqiad: string): string =>
  `10.2.1.${last} => ${inCodfw}\n10.2.2.${last} => ${inEqiad}\n`;
const mwInCodfw = state(3, 'UP/300', 'DOWN/300');

let lab: DnsLab;
/** The way to the first member that the agents know; the second is the same etcd, directly. */
let link: TcpProxy;

beforeAll(async () => {
  lab = await DnsLab.open(async (ground, etcd) => {
    const port = await ground.ports.next();
    link = await TcpProxy.open({ host: '127.0.0.1', port }, { host: '127.0.0.1', port: etcd.port });
    return [`http://127.0.0.1:${port}`, etcd.endpoint];
  });
}, 60_000);
afterAll(async () => {
  await link[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});
beforeEach(async () => {
  link.mend();
  await lab.etcd.server.start();
  await lab.asAtFirst();
});

describe('a discovery agent', () => {
  test('refuses what would be nonsense, says why in a file beside, and takes that away when all is well again', async () => {
    const trouble: [object | string | null, string][] = [
      ['{"pooled": tr', 'mw-rw/eqiad is no discovery object'],
      [{ pooled: 'yes', references: [], ttl: 300 }, 'mw-rw/eqiad is no discovery object'],
      [{ pooled: true, references: [], ttl: -1 }, 'mw-rw/eqiad is no discovery object'],
      [null, 'there is no object mw-rw/eqiad'],
      [{ pooled: true, references: [], ttl: 300 }, 'mw-rw is active/passive and pooled in codfw and eqiad'],
    ];
    for (const [object, why] of trouble) {
      await lab.etcd.put({ 'discovery/mw-rw/eqiad': object as never });
      await lab.written('mw-rw', mwInCodfw, why);
    }
    await lab.pool('mw-rw', []);
    await lab.written('mw-rw', mwInCodfw, 'mw-rw is pooled nowhere');
    await lab.etcd.put({ 'discovery/mw-rw/codfw': null, 'discovery/mw-rw/eqiad': null });
    await lab.written('mw-rw', mwInCodfw, 'there is no object of mw-rw');
    // The other records go on meanwhile.
    await lab.pool('swift', [codfw, eqiad], 10);
    await lab.written('swift', state(2, 'UP/10', 'UP/10'));
    await lab.pool('mw-rw', [eqiad], 10);
    await lab.written('mw-rw', state(3, 'DOWN/10', 'UP/10'));
  });

  test('that refuses both datacenters of an active/passive record keeps DNS as it is until one is left', async () => {
    await lab.pool('mw-rw', [codfw, eqiad]);
    await lab.written('mw-rw', mwInCodfw, 'mw-rw is active/passive and pooled in codfw and eqiad');
    // Behind another change, so that the servers have had their time to take this one in too.
    await lab.pool('swift', [eqiad]);
    await lab.answered('swift', ['10.2.2.2 300', '10.2.2.2 300']);
    await lab.answered('mw-rw', ['10.2.1.3 300', '10.2.1.3 300']);
    await lab.pool('mw-rw', [eqiad]);
    await lab.answered('mw-rw', ['10.2.2.3 300', '10.2.2.3 300']);
  });

  test('takes a transaction as a whole: a record that moves in one is never seen in none or in both', async () => {
    const refusals = (): number[] =>
      lab.pair.servers.map(({ agent }) => readFileSync(agent.spec.log, 'utf8').split('refused:').length);
    const before = refusals();
    for (const where of [eqiad, codfw, eqiad, codfw]) await lab.pool('mw-rw', [where], 20);
    await lab.written('mw-rw', state(3, 'UP/20', 'DOWN/20'));
    expect(refusals()).toEqual(before);
  });

  test('believes nothing while most records are gone from the store', async () => {
    const gone = '2 of 3 records are gone from the store';
    await lab.etcd.put(
      Object.fromEntries(
        ['search', 'mw-rw'].flatMap((name) => [codfw, eqiad].map((dc) => [`discovery/${name}/${dc}`, null])),
      ),
    );
    await lab.pool('swift', [eqiad]);
    await lab.written('swift', state(2, 'UP/300', 'DOWN/300'), gone);
    await lab.written('search', state(1, 'UP/300', 'DOWN/300'), gone);
    await lab.pool('search', [codfw]);
    await lab.written('swift', state(2, 'DOWN/300', 'UP/300'));
  });

  test('writes an error file again that was removed while nothing was mended', async () => {
    await lab.pool('mw-rw', []);
    await lab.written('mw-rw', mwInCodfw, 'mw-rw is pooled nowhere');
    for (const { states } of lab.pair.servers) rmSync(path.join(states, '.discovery-mw-rw.err'));
    await lab.written('mw-rw', mwInCodfw, 'mw-rw is pooled nowhere');
  });

  test('goes to the next member when one hangs or is gone', async () => {
    link.stall();
    await lab.pool('swift', [eqiad]);
    await lab.written('swift', state(2, 'DOWN/300', 'UP/300'));
    link.mend();
    link.cut();
    await lab.pool('swift', [codfw]);
    await lab.written('swift', state(2, 'UP/300', 'DOWN/300'));
  });

  test('keeps the last good state while the store is gone, and follows again when it is back', async () => {
    await lab.etcd.server.kill();
    for (const { agent } of lab.pair.servers)
      await eventually(
        () => readFileSync(agent.spec.log, 'utf8').split('ECONNREFUSED').length > 3,
        'the agent tries to reach the store again and again',
      );
    await lab.written('swift', state(2, 'UP/300', 'DOWN/300'));
    await lab.answered('swift', ['10.2.1.2 300', '10.2.1.2 300']);
    await lab.etcd.server.start();
    await lab.pool('swift', [eqiad]);
    await lab.written('swift', state(2, 'DOWN/300', 'UP/300'));
  });

  test('that was frozen while history was forgotten, or killed, takes in what it has missed', async () => {
    const [first, second] = lab.pair.servers;
    first?.agent.freeze();
    await second?.agent.kill();
    await lab.pool('swift', [codfw, eqiad]);
    await lab.pool('swift', [eqiad]);
    await lab.etcd.compact();
    expect(lab.files('swift').map((file) => file.state)).toEqual(
      [0, 1].map(() => state(2, 'UP/300', 'DOWN/300')),
    );
    first?.agent.thaw();
    await second?.agent.start();
    await lab.written('swift', state(2, 'DOWN/300', 'UP/300'));
  });
});

describe('the authoritative servers', () => {
  test('follow each for itself: one whose agent hangs stays behind', async () => {
    const [behind, follows] = lab.pair.servers;
    behind?.agent.freeze();
    await lab.pool('mw-rw', [eqiad]);
    await lab.answered('mw-rw', ['10.2.2.3 300', '10.2.2.3 300'], follows === undefined ? [] : [follows]);
    expect(await lab.dig(behind!, 'mw-rw', codfw)).toBe('10.2.1.3 300');
    behind?.agent.thaw();
    await lab.answered('mw-rw', ['10.2.2.3 300', '10.2.2.3 300']);
  });

  test('answer with what is in the store when they are started again', async () => {
    const [first] = lab.pair.servers;
    await first?.server.kill();
    await lab.pool('mw-rw', [eqiad], 20);
    await lab.written('mw-rw', state(3, 'DOWN/20', 'UP/20'));
    await first?.server.start();
    expect(await lab.dig(first!, 'mw-rw', codfw)).toBe('10.2.2.3 20');
  });
});

describe('a recursor', () => {
  let recursor: LabRecursor;
  beforeAll(async () => {
    recursor = await openRecursor(lab.ground, lab.pair);
  });
  const ask = async (name = 'mw-rw', ...options: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('dig', [
      ...[`@${recursor.address}`, '-p', String(recursor.port), `${name}.${lab.pair.zone}`, '+short'],
      ...options,
    ]);
    return stdout.trim();
  };

  test('goes on with what it has cached until its cache is wiped', async () => {
    await recursor.control('wipe-cache', `${lab.pair.zone}$`);
    expect(await ask()).toBe('10.2.1.3');
    await lab.pool('mw-rw', [eqiad]);
    await lab.answered('mw-rw', ['10.2.2.3 300', '10.2.2.3 300']);
    expect(await ask()).toBe('10.2.1.3');
    expect(await recursor.control('wipe-cache', `mw-rw.${lab.pair.zone}`)).toMatch(/^wiped 1 records/);
    expect(await ask()).toBe('10.2.2.3');
  });

  describe('whose host is told by a switchover to wipe its cache', () => {
    const { run, probe, wanted } = labOperations()['wipe-discovery-caches'];
    const records = ['swift', 'mw-rw'];
    const hostWith = (env: Readonly<Record<string, string>> = {}): ProgramHost =>
      new ProgramHost('dns1004.eqiad.wmnet', {
        LAB_HOST: 'dns1004.eqiad.wmnet',
        LAB_DC: eqiad,
        LAB_STATE: lab.ground.folderFor('dns1004'),
        LAB_SHARED: lab.ground.folderFor('shared'),
        ...recursor.environment(labClients[eqiad] ?? ''),
        ...env,
      });
    /** Of clients in both datacenters: each has an answer of its own in the cache. */
    const both = (): Promise<string[]> =>
      Promise.all([codfw, eqiad].map((dc) => ask('mw-rw', `+subnet=${labClients[dc] ?? ''}`)));
    const fact = (host: ProgramHost): Promise<string> => host.tell(...fillCommand(probe, { records }).argv);
    const moveBehindTheCache = async (): Promise<void> => {
      await recursor.control('wipe-cache', `${lab.pair.zone}$`);
      expect([...(await both()), await ask('search')]).toEqual(['10.2.1.3', '10.2.1.3', '10.2.1.1']);
      await lab.pool('mw-rw', [eqiad]);
      await lab.pool('search', [eqiad]);
      await lab.answered('mw-rw', ['10.2.2.3 300', '10.2.2.3 300']);
      await lab.answered('search', ['10.2.2.1 300', '10.2.2.1 300']);
    };

    test('answers with the new address at once, and keeps what else it has cached', async () => {
      const host = hostWith();
      await moveBehindTheCache();
      expect(await both()).toEqual(['10.2.1.3', '10.2.1.3']);
      expect(await fact(host)).toBe('stale');
      const { code } = await host.run(fillCommand(run, { records }).argv);
      expect(run.okCodes).toContain(code);
      expect(await both()).toEqual(['10.2.2.3', '10.2.2.3']);
      expect(await fact(host)).toBe(wanted);
      expect(await ask('search')).toBe('10.2.1.1');
    });

    test('does not say that it is done where it cannot be known', async () => {
      const [, second] = lab.pair.servers;
      const nowhere = `${recursor.address}:${await lab.ground.ports.next()}`;
      await moveBehindTheCache();
      expect(await fact(hostWith({ LAB_DNS_SERVERS: `${nowhere},${second?.address}:${second?.port}` }))).toBe(
        'stale',
      );
      const { argv } = fillCommand(probe, { records });
      expect(await hostWith({ LAB_DNS_SERVERS: nowhere }).run(argv)).toMatchObject({ code: 1, output: '' });
      expect(await hostWith({ LAB_RECURSOR_ADDRESS: nowhere }).run(argv)).toMatchObject({
        code: 1,
        output: '',
      });
      const unknown = fillCommand(probe, { records: ['no-such-record'] }).argv;
      expect(await hostWith().run(unknown)).toMatchObject({ code: 1, output: '' });
    });
  });
});
