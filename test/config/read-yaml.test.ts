import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type YamlText, readYaml } from '../../src/config/yaml/read-yaml.js';
import { mistakesIn } from './sources.js';

function valueOf(text: string): unknown {
  const read = readYaml(text);
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return read.value;
}

function mistakesOf(text: string): Extract<YamlText, { ok: false }>['mistakes'] {
  const read = readYaml(text);
  if (read.ok) throw new Error(`this was read: ${JSON.stringify(read.value).slice(0, 200)}`);
  return read.mistakes;
}

describe('YAML 1.2', () => {
  test('texts stay what was written', () => {
    expect(valueOf('a: yes\nb: 15:00\nc: 2026-03-25\nd: NO\ne: 1_000\nf: 10.2.1.31')).toEqual({
      a: 'yes',
      b: '15:00',
      c: '2026-03-25',
      d: 'NO',
      e: '1_000',
      f: '10.2.1.31',
    });
  });

  test('keys are texts', () => {
    expect(valueOf('1: one\ntrue: two')).toEqual({ '1': 'one', true: 'two' });
  });

  test('aliases stand for what they name', () => {
    expect(valueOf('a: &x [1, 2]\nb: *x')).toEqual({ a: [1, 2], b: [1, 2] });
    expect(valueOf('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  test('nothing at all is null', () => {
    for (const text of ['', '\n', '# only a comment\n', '---\n', '\ufeff']) expect(valueOf(text)).toBeNull();
  });

  test('every key and value is found again where it is', () => {
    const read = readYaml('a: 1\n\nlist:\n  - x\n  - {y: z}\n');
    if (!read.ok) throw new Error('unreadable');
    expect(read.positions.key('a')).toEqual({ line: 1, column: 1 });
    expect(read.positions.value('a')).toEqual({ line: 1, column: 4 });
    expect(read.positions.value('list[0]')).toEqual({ line: 4, column: 5 });
    expect(read.positions.key('list[1].y')).toEqual({ line: 5, column: 6 });
    expect(read.positions.value('list[1].y')).toEqual({ line: 5, column: 9 });
    expect(read.positions.value('list[2]')).toBeUndefined();
  });
});

describe('what cannot be read is one clear line, with where it is', () => {
  test.each([
    ['a bracket that is left open', 'a: [1, 2\nb: 3\n', 2, /Flow sequence/],
    ['a tab for spaces', 'a:\n\tb: 1\n', 2, /Tabs are not allowed/],
    ['a quote that is left open', 'a: "b\n', 2, /closing "quote/],
    ['an alias of nothing', 'a: *x\n', 1, /^an alias of nothing$/],
    ['an alias within itself', 'a: &x\n  - *x\n', 2, /^an alias within/],
    ['a tag of another kind', 'a: !!binary aGk=\n', 1, /^a tag that is not known$/],
    ['a tag that runs something elsewhere', 'a: !!js/function "x"\n', 1, /^a tag that is not known$/],
    ['a second document', 'a: 1\n---\nb: 2\n', 2, /^a second document$/],
    ['the older YAML', '%YAML 1.1\n---\na: no\n', 1, /^another version of YAML$/],
    ['a directive', '%FOO bar\n---\na: no\n', 1, /^a directive that is not known$/],
    ['a key that is a list', '? [a]\n: b\n', 1, /^a key that is not a word$/],
    ['a key that is nothing', '? \n: b\n', 1, /^a key that is not a word$/],
    ['a key that JavaScript treats as its own', '__proto__: {a: 1}\n', 1, /^a key that is not a word$/],
  ])('%s', (...[, text, line, found]) => {
    const [mistake] = mistakesOf(text);
    expect(mistake).toMatchObject({ at: { line }, found: expect.stringMatching(found) as unknown });
  });

  test('the same key again is told with its path', () => {
    expect(mistakesOf('a:\n  b: 1\n  b: 2\n')).toEqual([
      { path: 'a.b', at: { line: 3, column: 3 }, found: 'the same key again', expected: 'each key once' },
    ]);
  });

  test('no message quotes what may be a secret', () => {
    for (const text of [
      'password: *hunter2',
      'password: !hunter2 x',
      'a: [hunter2\nb: hunter2',
      '%hunter2\n---\na: 1',
      'a: "hunter2',
      'a: |hunter2\n  x',
      '}hunter2: x',
      'a: "\\hunter2"',
      'a: b\n hunter2: c\n- hunter2',
    ])
      expect(JSON.stringify(mistakesOf(text))).not.toContain('hunter2');
  });
});

/** Each of these ends the process, or takes minutes, when it is given to the library as it is. */
const ATTACKS: readonly (readonly [what: string, text: string])[] = [
  ['a million open brackets', '['.repeat(1_000_000)],
  ['a million dashes', '- '.repeat(500_000)],
  ['nested flow sections', '{a: '.repeat(200_000)],
  ['nested block sections', Array.from({ length: 1_400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['sections on one line', 'a: '.repeat(300_000)],
  ['questions', '? '.repeat(300_000)],
  ['closing brackets', ']'.repeat(1_000_000)],
  ['anchors', '&a '.repeat(300_000)],
  ['tags', '!a '.repeat(300_000)],
  ['documents', '---\n'.repeat(250_000)],
  ['a great many keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n')],
  ['a great many of the same key', 'k: 1\n'.repeat(7_000)],
  ['a great many aliases', `a: &a x\nb: [${'*a, '.repeat(12_000)}*b]`],
  [
    'aliases that multiply',
    [
      'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`),
    ].join('\n'),
  ],
];

describe('what would cost too much is refused', () => {
  test.each(ATTACKS)('%s', (...[, text]) => {
    const mistakes = mistakesOf(text);
    expect(mistakes.length).toBeLessThanOrEqual(21);
    for (const mistake of mistakes) expect(mistake.found.length).toBeLessThan(200);
  });

  test('a file of more than 1 MiB is not read any further', async () => {
    expect(await mistakesIn(new Uint8Array(1024 * 1024 + 1).fill(0x23))).toMatchObject([
      { found: 'more than 1024 KiB', expected: 'a file of at most 1024 KiB' },
    ]);
    expect(await mistakesIn(new Uint8Array(1024 * 1024).fill(0x23))).toMatchObject([
      { found: 'missing' },
      {},
      {},
      {},
      {},
      {},
      {},
    ]);
  });
});

describe('whatever the file holds', () => {
  test('any text is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const read = readYaml(text);
        expect(read.ok || read.mistakes.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('any soup of signs is read or refused', () => {
    const signs = fc.constantFrom(
      'a',
      'b',
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '\n',
      '  ',
      '"',
      "'",
      '|',
      '>',
      '&x ',
      '*x',
      '!t ',
      '? ',
      '#',
      '%',
      '---\n',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (parts) => {
        const read = readYaml(parts.join(''));
        expect(read.ok || read.mistakes.length > 0).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  test('JSON is read as what it says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__') && !text.includes('\u007f'));
        expect(valueOf(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });
});

describe('bytes that are not UTF-8', () => {
  test.each([
    ['a byte of another encoding', [0x61, 0x3a, 0x20, 0xfc, 0x0a], { line: 1, column: 4 }, '0xfc'],
    ['a character that is cut off', [0x61, 0x3a, 0x0a, 0x20, 0xe2, 0x82], { line: 2, column: 2 }, '0xe2'],
    ['a character that is never completed', [0x61, 0x0a, 0xe2, 0x82, 0x20], { line: 2, column: 1 }, '0xe2'],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], { line: 1, column: 1 }, '0xff'],
  ])('%s', async (...[, bytes, at, byte]) => {
    expect(await mistakesIn(Uint8Array.from(bytes))).toEqual([
      { file: 'switchdc.yaml', path: '', at, found: `the byte ${byte}`, expected: 'text in UTF-8' },
    ]);
  });
});
