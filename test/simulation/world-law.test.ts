import { describe, expect, test } from '@jest/globals';
import { instant } from '../../src/domain/instant.js';
import type { DatacenterName } from '../../src/domain/names.js';
import { section } from '../../src/domain/names.js';
import type { WorldFacts } from '../../src/simulation/world-facts.js';
import {
  type LawProgress,
  type LawSubject,
  nothingStarted,
  violations,
} from '../../src/simulation/world-law.js';
import { codfw, eqiad } from '../support/practice-installation.js';

const s1 = section('s1');
const rest: WorldFacts = {
  at: instant(0),
  because: 'a test',
  primary: codfw,
  readOnly: { [eqiad]: false, [codfw]: false },
  writable: { [s1]: [codfw] },
  down: { [s1]: [] },
  pooled: { 'mw-web-rw': [codfw] },
};
const readOnlyIn = (...where: DatacenterName[]): Pick<WorldFacts, 'readOnly'> => ({
  readOnly: Object.fromEntries(
    [eqiad, codfw].map((dc) => [dc, where.includes(dc) ? ('a reason' as const) : (false as const)]),
  ),
});
const writableIn = (...where: DatacenterName[]): Pick<WorldFacts, 'writable'> => ({
  writable: { [s1]: where },
});
const downIn = (...where: DatacenterName[]) => ({ down: { [s1]: where } });
const pooledIn = (...where: DatacenterName[]) => ({ pooled: { 'mw-web-rw': where } });

const none: LawSubject = { mode: 'none', primary: codfw };
const live = (progress: Partial<LawProgress> = {}): LawSubject => ({
  mode: 'live',
  from: codfw,
  to: eqiad,
  progress: { ...nothingStarted, ...progress },
});
/** A rehearsal: codfw is the primary, and stays it. */
const rehearsal = (progress: Partial<LawProgress> = {}): LawSubject => ({
  mode: 'live-test',
  from: eqiad,
  to: codfw,
  progress: { ...nothingStarted, ...progress },
});
const upTo02: Partial<LawProgress> = { setReadOnly: 'observed' };
const upTo03: Partial<LawProgress> = { ...upTo02, fromReadOnly: 'observed' };
const upTo04: Partial<LawProgress> = { ...upTo03, switchRecords: 'observed' };
const upTo06: Partial<LawProgress> = { ...upTo04, toReadWrite: 'observed' };
const upTo07: Partial<LawProgress> = { ...upTo06, setReadWrite: 'observed' };

type Case = readonly [
  sentence: string,
  subject: LawSubject,
  facts: Partial<WorldFacts>,
  found: readonly string[],
];

const cases: readonly Case[] = [
  ['with no run, the primary alone is writable and pooled', none, {}, []],
  ['with no run, no wiki is read-only', none, readOnlyIn(eqiad), ['the wiki is read-only in eqiad']],
  [
    'with no run, the primary’s databases are writable',
    none,
    writableIn(),
    ['s1 cannot be written in codfw'],
  ],
  ['with no run, a database that is down is nobody’s crime', none, { ...writableIn(), ...downIn(codfw) }, []],
  [
    'with no run, the other’s databases are not writable',
    none,
    writableIn(codfw, eqiad),
    ['s1 can be written in eqiad'],
  ],
  [
    'with no run, a record is not pooled in both',
    none,
    pooledIn(eqiad, codfw),
    ['mw-web-rw is pooled in eqiad and codfw, not in codfw'],
  ],
  [
    'a dry run is no run',
    { mode: 'dry-run', primary: codfw },
    readOnlyIn(codfw),
    ['the wiki is read-only in codfw'],
  ],

  ['live: nothing is read-only before 02', live(), readOnlyIn(codfw), ['the wiki is read-only in codfw']],
  [
    'live: both wikis may be read-only from the start of 02',
    live({ setReadOnly: 'started' }),
    readOnlyIn(eqiad, codfw),
    [],
  ],
  [
    'live: both wikis may be read-only until 07 is observed',
    live({ ...upTo06, setReadWrite: 'started' }),
    { ...readOnlyIn(eqiad, codfw), ...writableIn(eqiad), ...pooledIn(eqiad) },
    [],
  ],
  [
    'live: no wiki is read-only after 07',
    live(upTo07),
    { ...readOnlyIn(codfw), ...writableIn(eqiad), ...pooledIn(eqiad) },
    ['the wiki is read-only in codfw'],
  ],
  [
    'live: the old primary may be writable until 03 is observed',
    live({ ...upTo02, fromReadOnly: 'started' }),
    writableIn(codfw),
    [],
  ],
  [
    'live: … and may be read-only from its start',
    live({ ...upTo02, fromReadOnly: 'started' }),
    writableIn(),
    [],
  ],
  [
    'live: the old primary is not writable after 03',
    live(upTo03),
    writableIn(codfw),
    ['s1 can be written in codfw'],
  ],
  [
    'live: the new primary is not writable before 06',
    live(upTo04),
    { ...writableIn(eqiad), ...pooledIn(eqiad) },
    ['s1 can be written in eqiad'],
  ],
  ['live: between 03 and 06 none is writable', live(upTo04), { ...writableIn(), ...pooledIn(eqiad) }, []],
  [
    'live: the new primary may be writable from the start of 06',
    live({ ...upTo04, toReadWrite: 'started' }),
    { ...writableIn(eqiad), ...pooledIn(eqiad) },
    [],
  ],
  [
    'live: never are both writable',
    live({ setReadOnly: 'observed', toReadWrite: 'started' }),
    writableIn(eqiad, codfw),
    ['s1 can be written in eqiad and codfw at once'],
  ],
  [
    'live: a record is pooled in the old datacenter before 04',
    live(upTo03),
    { ...writableIn(), ...pooledIn(eqiad) },
    ['mw-web-rw is pooled in eqiad, not in codfw'],
  ],
  [
    'live: inside 04 a record may be pooled in both',
    live({ ...upTo03, switchRecords: 'started' }),
    { ...writableIn(), ...pooledIn(eqiad, codfw) },
    [],
  ],
  [
    'live: not even inside 04 is a record pooled nowhere',
    live({ ...upTo03, switchRecords: 'started' }),
    { ...writableIn(), ...pooledIn() },
    ['mw-web-rw is pooled nowhere'],
  ],
  [
    'live: after 04 a record is pooled in the new datacenter alone',
    live(upTo04),
    { ...writableIn(), ...pooledIn(eqiad, codfw) },
    ['mw-web-rw is pooled in eqiad and codfw, not in eqiad'],
  ],
  ['live: the end of a switchover is lawful', live(upTo07), { ...writableIn(eqiad), ...pooledIn(eqiad) }, []],

  [
    'live test: the idle wiki may be read-only in phases 2 to 7',
    rehearsal({ setReadOnly: 'started' }),
    readOnlyIn(eqiad),
    [],
  ],
  [
    'live test: the idle wiki is not read-only before',
    rehearsal(),
    readOnlyIn(eqiad),
    ['the wiki is read-only in eqiad'],
  ],
  [
    'live test: the idle wiki is not read-only after',
    rehearsal(upTo07),
    readOnlyIn(eqiad),
    ['the wiki is read-only in eqiad'],
  ],
  [
    'live test: the primary’s wiki is never read-only',
    rehearsal(upTo02),
    readOnlyIn(eqiad, codfw),
    ['the wiki is read-only in codfw'],
  ],
  [
    'live test: the primary’s databases are always writable',
    rehearsal(upTo03),
    writableIn(),
    ['s1 cannot be written in codfw'],
  ],
  [
    'live test: the idle databases never are',
    rehearsal({ ...upTo03, toReadWrite: 'started' }),
    writableIn(eqiad, codfw),
    ['s1 can be written in eqiad'],
  ],
  [
    'live test: pooling does not change',
    rehearsal({ ...upTo03, switchRecords: 'started' }),
    pooledIn(eqiad, codfw),
    ['mw-web-rw is pooled in eqiad and codfw, not in codfw'],
  ],
];

describe('what may be true in the world', () => {
  test.each(cases)('%s', (_sentence, subject, facts, found) => {
    expect(violations(subject, { ...rest, ...facts })).toEqual(found);
  });
});
