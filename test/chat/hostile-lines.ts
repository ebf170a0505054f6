import fc from 'fast-check';

/** The same lines each time: whoever sees one fail sees it again. */
const SEED = 20_260_325;

const PREFIX = '!switchdc';

const COMMANDS = [
  ...['abort', 'approve', 'dates', 'deny', 'done', 'explain', 'go', 'help', 'hold', 'log', 'next', 'nogo'],
  ...['plan', 'report', 'resume', 'retry', 'runs', 'sal', 'skip', 'start', 'status', 'take', 'whoami', 'why'],
];

/** What may stand behind a command, and what must not get anywhere. */
const WORDS = [
  ...['1', '0', '-1', '1.5', '1e9', 'NaN', '007', '99999999999999999999', '41', 'mediawiki', 'services'],
  ...['eqiad', 'codfw', 'T12345', '2026', '2026-03-25', '08-restart-job-runners', 'CONFIRM', 'bob', 'alice'],
  ...['--task', '--task=T1', '--dry-run', '--only', '--gate', '--run', '--from', '--to', '--note', '--limit'],
  ...[
    '--help',
    '--json',
    '--as',
    '--',
    '---',
    '--=',
    '--task=',
    '--no-such-flag',
    '-h',
    '—task',
    '--task=T1=T2',
  ],
  ...['"', "'", '\\', '“', '’', '"unclosed', "'it is", '\\"', '"a"b', 'don’t', '""', '\\\\', '--reason="'],
  ...['__proto__', 'constructor', 'toString', '--__proto__=1', '--constructor', 'hasOwnProperty', 'null'],
  ...[
    '$(reboot)',
    '`id`',
    '; rm -rf /',
    '../../etc/passwd',
    '%s%n',
    '${7*7}',
    "' OR 1=1 --",
    '<b>',
    '|',
    '&&',
  ],
  ...[
    '<!channel>',
    '<!here|here>',
    '<@U0ALICE>',
    '&lt;!channel&gt;',
    '@everyone',
    '@here',
    '<http://x|y>',
    '*',
  ],
  ...[
    '\u202e',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u2066abc\u2069',
    'a\u0300\u0301\u0302',
    '👩‍👩‍👧‍👦',
    '\ud800',
    '٣',
    'İ',
  ],
  ...[
    '\u0000',
    '\u0007',
    '\u001b[2J',
    '\u001b]0;x\u0007',
    '\u0003',
    '\u000304,01red',
    '\u0002',
    '\u0085',
    '\u2028',
  ],
];

/** Lines that would be commands of the protocol if they were ever written as they are. */
const COMMANDS_OF_IRC = [
  ...[
    'QUIT :bye',
    'JOIN #elsewhere',
    'PRIVMSG #elsewhere :hi',
    ':irc.test KICK #operations switchdc',
    'NICK x',
  ],
  ...[
    'PRIVMSG NickServ :DROP switchdc',
    'MODE #operations +o mallory',
    '@account=alice :a!b@c PRIVMSG #x :!x',
  ],
  ...[
    '\rQUIT',
    'a\rPRIVMSG #elsewhere :hi',
    '\u2028QUIT',
    'PING :x',
    'ERROR :closing',
    '\u0001VERSION\u0001',
  ],
  ...[
    '\u0001PING 1\u0001',
    '\u0001DCC SEND x 2130706433 80 1\u0001',
    '\u0001ACTION !switchdc next\u0001',
    '\u0001',
  ],
  ...[
    'switchdc: switchdc: next',
    '!switchdc !switchdc !log !switchdc next',
    '!log !log !log',
    '!switchdc: next',
  ],
  ...[
    '!Switchdc, next',
    '!switchdc\u200b next',
    '\u200b!switchdc next',
    '\u0002!switch\u000fdc\u0002 status',
  ],
  ...[
    '\u202e!switchdc next',
    '!log',
    '!log -- --',
    '!switchdc',
    '!switchdc?',
    '!switchdc :QUIT',
    '!LOG \u0003',
  ],
];

/** What would be done, if it came from somebody who may. */
const GOOD_LINES = [
  ...['start --task T12345', 'start --dry-run', 'approve 1', 'approve', 'deny 1', 'go 1', 'nogo 1', 'take 1'],
  ...['hold 1 --reason later', 'resume 1', 'abort 1 --reason enough', 'retry 1', 'log restarted db1'],
  ...['done 00-begin-status-page-maintenance', 'skip 00-begin-status-page-maintenance --reason no'],
].map((words) => `${PREFIX} ${words}`);

const word = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.nat({ max: 400 }).map((length) => 'wörd'.repeat(length)) },
);

const asked = fc
  .tuple(fc.constantFrom(...COMMANDS), fc.array(word, { maxLength: 6 }))
  .map(([command, words]) => [PREFIX, command, ...words].join(' '));

const text = fc.oneof(
  { weight: 6, arbitrary: asked },
  { weight: 1, arbitrary: fc.constantFrom(...GOOD_LINES, '!log restarted db1') },
  { weight: 1, arbitrary: fc.array(word, { maxLength: 8 }).map((words) => `!log ${words.join(' ')}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }).map((rest) => `${PREFIX} ${rest}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 2, arbitrary: fc.constantFrom(...COMMANDS_OF_IRC) },
);

/** Half of the bytes that no text is made of stand behind a prefix. */
const bytes = fc
  .tuple(fc.constantFrom('', '', `${PREFIX} `, `${PREFIX} sal `, '!log '), fc.uint8Array({ maxLength: 200 }))
  .map(([before, rest]) => Buffer.concat([Buffer.from(before), rest]));

/** What somebody may type who means no good. Line feeds are among it. */
export function hostileTexts(count: number): readonly string[] {
  return fc.sample(text, { numRuns: count, seed: SEED });
}

/** The same as bytes, one in ten of which are no UTF-8; without the line feeds, which end a line in every client. */
export function hostileBytes(count: number): readonly Buffer[] {
  const any = fc.oneof(
    { weight: 9, arbitrary: text.map((said) => Buffer.from(said)) },
    { weight: 1, arbitrary: bytes },
  );
  return fc
    .sample(any, { numRuns: count, seed: SEED })
    .map((line) => Buffer.from(line.filter((byte) => byte !== 0x0a)));
}
