import { describe, expect, test } from '@jest/globals';
import { type PermitSubject, permits } from '../../src/access/permit.js';
import { ONE_PHASE_ACTS, SWITCHOVER_ROWS } from '../../src/access/permit-rows.js';
import type { Write } from '../../src/access/write.js';
import {
  OPERATION_NAMES,
  access,
  elsewhere,
  from,
  onHosts,
  pooled,
  primary,
  readOnly,
  replication,
  scope,
  site,
  stateWrite,
  subjects,
  to,
  ttl,
} from './permit-writes.js';

/** `live 4`, `live 4 back`, `live-test 2`: one cell of the table. */
const cellOf = ({ mode, phase, direction }: PermitSubject): string =>
  `${mode} ${phase}${direction === 'back' ? ' back' : ''}`;

/** Everything that the field's table allows, and for each of it every cell in which it does; all else is forbidden. */
const ALLOWED: readonly (readonly [what: string, write: Write, cells: readonly string[]])[] = [
  ['the old primary’s wiki read-only', readOnly(from, 'Maintenance'), ['live 2', 'live-test 2']],
  ['the new primary’s wiki read-only', readOnly(to, 'Maintenance'), ['live 2']],
  [
    'the old primary’s wiki editable',
    readOnly(from, false),
    ['live 7', 'live 2 back', 'live-test 7', 'live-test 2 back'],
  ],
  ['the new primary’s wiki editable', readOnly(to, false), ['live 7', 'live 2 back']],
  ['read-only without a reason', readOnly(from, true), []],
  ['read-only with nonsense', readOnly(from, null), []],
  ['a third datacenter’s wiki read-only', readOnly(elsewhere, 'Maintenance'), []],
  ['a third datacenter’s wiki editable', readOnly(elsewhere, false), []],

  ['the new primary named', primary(to), ['live 4']],
  ['the old primary named again', primary(from), ['live 4 back']],
  ['a third datacenter named primary', primary(elsewhere), []],
  ['no primary', primary(false), []],
  [
    'the primary of one datacenter only',
    stateWrite('mwconfig', { scope: to, name: 'WMFMasterDatacenter' }, 'val', to),
    [],
  ],
  [
    'another setting of the wiki',
    stateWrite('mwconfig', { scope: 'common', name: 'EtcdVersion' }, 'val', 'x'),
    [],
  ],

  ['a wiki record pooled in the new primary', pooled('web-rw', to, true), ['live 4']],
  ['a wiki record depooled in the old primary', pooled('web-rw', from, false), ['live 4']],
  ['a wiki record pooled in the old primary', pooled('web-rw', from, true), ['live 4 back']],
  ['a wiki record depooled in the new primary', pooled('web-rw', to, false), ['live 4 back']],
  ['the second wiki record depooled in the old primary', pooled('api-rw', from, false), ['live 4']],
  ['a wiki record pooled in a third datacenter', pooled('web-rw', elsewhere, true), []],
  [
    'a TTL in the old primary',
    ttl('web-rw', from),
    ['live 0', 'live 9', 'live 0 back', 'live-test 0', 'live-test 9', 'live-test 0 back'],
  ],
  [
    'a TTL in the new primary',
    ttl('api-rw', to),
    ['live 0', 'live 9', 'live 0 back', 'live-test 0', 'live-test 9', 'live-test 0 back'],
  ],
  ['a TTL in a third datacenter', ttl('web-rw', elsewhere), []],
  [
    'the references of a record',
    stateWrite('discovery', { dnsdisc: 'web-rw', name: from }, 'references', []),
    [],
  ],
  ['another service depooled', pooled('swift', from, false), []],
  ['another service’s TTL', ttl('swift', from), []],
  ['a CDN site depooled', site('no'), []],

  ['the old primary’s databases read-only', access('s1', from, 'read-only'), ['live 3', 'live-test 3']],
  ['the new primary’s databases read-write', access('x1', to, 'read-write'), ['live 6', 'live-test 6']],
  ['the new primary’s databases read-only', access('s1', to, 'read-only'), ['live 6 back']],
  ['the old primary’s databases read-write', access('s1', from, 'read-write'), ['live 3 back']],
  ['a third datacenter’s database read-only', access('s1', elsewhere, 'read-only'), []],
  ['a section that is not of the core, read-only', access('m3', from, 'read-only'), []],
  ['a section that is not of the core, read-write', access('m3', to, 'read-write'), []],

  ...[from, to, elsewhere].flatMap((dc) => [
    [`replication of ${dc} stopped`, replication('s1', dc, { kind: 'stopped' }), []] as const,
    [`replication of ${dc} from ${from}`, replication('x1', dc, { kind: 'running', from }), []] as const,
    [`replication of ${dc} from ${to}`, replication('s1', dc, { kind: 'running', from: to }), []] as const,
  ]),
  ['replication of a section that is not of the core', replication('m3', from, { kind: 'stopped' }), []],

  ...OPERATION_NAMES.flatMap((operation) =>
    [from, to, elsewhere].map(
      (place) =>
        [
          `${operation} on hosts of ${place}`,
          onHosts(operation, place),
          hostCells(operation, place),
        ] as const,
    ),
  ),
  ['a command that is no operation', onHosts('reboot', from), []],
  ['a name that every object has', onHosts('constructor', from), []],
];

function hostCells(operation: string, place: string): readonly string[] {
  const bothModes = (...cells: string[]): string[] =>
    cells.flatMap((cell) => [`live ${cell}`, `live-test ${cell}`]);
  const core = place === from || place === to;
  switch (operation) {
    case 'lock-deployments':
    case 'disable-puppet':
      return bothModes('0');
    case 'unlock-deployments':
      return bothModes('9', '0 back');
    case 'enable-puppet':
      return bothModes('8', '0 back');
    case 'run-puppet':
    case 'wipe-discovery-caches':
      return bothModes('8');
    case 'remove-stale-confd-errors':
    case 'run-puppet-on-primaries':
      return bothModes('9');
    case 'stop-periodic-jobs':
    case 'kill-maintenance-scripts':
      return [...(core ? ['live 1'] : []), ...(place === from ? ['live-test 1'] : [])];
    case 'start-periodic-jobs':
      return [...(core ? ['live 1 back'] : []), ...(place === from ? ['live-test 1 back'] : [])];
    case 'warm-up-caches':
      return [...(place === to ? ['live 0'] : []), ...(place === from ? ['live-test 0'] : [])];
    case 'restart-job-runners':
      return [...(place === from ? bothModes('8') : []), ...(place === to ? ['live 0 back'] : [])];
    default:
      throw new Error(`nothing is written down for ${operation}`);
  }
}

test('no row of the switchover, and nothing that other runbooks may do, is a change of replication', () => {
  const acts = Object.values(SWITCHOVER_ROWS).flatMap((rows) => rows.map(([, , act]) => act));
  for (const act of [...acts, ...Object.values(ONE_PHASE_ACTS).flat()])
    expect(act).not.toBe('change replication');
});

describe('what the switchover may touch', () => {
  test.each(ALLOWED)('%s', (_, write, cells) => {
    const permitted = subjects.filter((subject) => permits(subject, write).allowed).map(cellOf);
    expect(permitted.sort()).toEqual([...cells].sort());
  });

  test('the direction decides, not the names: switched the other way round everything is mirrored', () => {
    const swap = (dc: string): string => (dc === from ? to : from);
    for (const subject of subjects) {
      const mirrored = { ...subject, from: to, to: from };
      for (const dc of [from, to]) {
        expect(permits(mirrored, readOnly(swap(dc), 'x')).allowed).toBe(
          permits(subject, readOnly(dc, 'x')).allowed,
        );
        expect(permits(mirrored, primary(swap(dc))).allowed).toBe(permits(subject, primary(dc)).allowed);
      }
    }
  });
});

const live4: PermitSubject = {
  ...scope,
  runbook: 'mediawiki',
  mode: 'live',
  phase: '4',
  direction: 'forward',
  from,
  to,
};

describe('a write as a whole', () => {
  test('is refused when one of its fields is', () => {
    const change = {
      kind: 'discovery',
      tags: { dnsdisc: 'web-rw', name: to },
      from: { pooled: false, ttl: 10 },
    } as const;
    expect(permits(live4, { on: 'state', change: { ...change, to: { pooled: true } } }).allowed).toBe(true);
    expect(
      permits(live4, { on: 'state', change: { ...change, to: { pooled: true, ttl: 300 } } }).allowed,
    ).toBe(false);
  });

  test('is refused when one of its hosts is where it must not be', () => {
    const one = { ...live4, mode: 'live-test', phase: '1' } as const;
    expect(permits(one, onHosts('stop-periodic-jobs', from, from)).allowed).toBe(true);
    expect(permits(one, onHosts('stop-periodic-jobs', from, to)).allowed).toBe(false);
    expect(permits(one, onHosts('stop-periodic-jobs', from, 'edge')).allowed).toBe(false);
  });

  test('a refusal says what would have been permitted where', () => {
    expect(permits(live4, readOnly(to, 'Maintenance'))).toEqual({
      allowed: false,
      because:
        '"set the wiki read-only" (mwconfig/name=ReadOnly,scope=south#val) is not permitted in phase 4 of a live run: only in phase 2',
    });
    expect(permits({ ...live4, phase: '6', direction: 'back' }, access('s1', from, 'read-write'))).toEqual({
      allowed: false,
      because:
        '"set a database read-write" (s1.north) is not permitted in phase 6 taken back of a live run: only in phase 6 for south and in phase 3 taken back for north',
    });
    expect(permits(live4, replication('s1', to, { kind: 'stopped' }))).toEqual({
      allowed: false,
      because: '"change replication" (s1.south) is never permitted in a live run',
    });
    expect(permits({ ...live4, mode: 'live-test' }, pooled('web-rw', to, true))).toEqual({
      allowed: false,
      because:
        '"pool a wiki record" (discovery/dnsdisc=web-rw,name=south#pooled) is never permitted in a live-test run',
    });
    expect(permits({ ...live4, mode: 'dry-run' }, pooled('web-rw', to, true))).toEqual({
      allowed: false,
      because: 'a dry run writes nothing',
    });
  });
});

describe('runs of other runbooks', () => {
  const others = subjects.map(({ from: _from, to: _to, ...rest }) => ({ ...rest, runbook: 'services' }));

  test('may route services and sites, live', () => {
    for (const subject of others)
      for (const write of [
        pooled('swift', from, false),
        pooled('swift', elsewhere, true),
        ttl('swift', to),
        site('no'),
      ])
        expect(permits(subject, write).allowed).toBe(subject.mode === 'live');
  });

  test('never touch the wiki, the databases or hosts, whatever datacenters they name', () => {
    const forbidden = ALLOWED.filter(([what]) => !/another service|CDN/.test(what)).map(([, write]) => write);
    for (const subject of [...others, ...others.map((other) => ({ ...other, from, to }))])
      for (const write of forbidden) expect(permits(subject, write)).toMatchObject({ allowed: false });
  });

  test('a switchover without its two datacenters may touch nothing that belongs to one', () => {
    for (const subject of subjects.map(({ from: _from, to: _to, ...rest }) => rest))
      for (const write of [
        readOnly(from, 'x'),
        primary(to),
        pooled('web-rw', to, true),
        access('s1', from, 'read-only'),
      ])
        expect(permits(subject, write).allowed).toBe(false);
  });
});
