import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Block, list, type Message, message, paragraph, say } from '../../../src/chat/message.js';
import { coloursFor } from '../../../src/chat/terminal/paint.js';
import { piece } from '../../../src/chat/terminal/pieces.js';
import { renderInOneLine, renderMessage } from '../../../src/chat/terminal/render-message.js';
import { textWidth } from '../../../src/chat/terminal/text-width.js';

const plain = (text: Message, width = 40): readonly string[] =>
  renderMessage(text, { width, colours: 'none' });

describe('blocks', () => {
  test('a paragraph is broken at spaces; words of several pieces stay whole', () => {
    expect(
      plain(say('Read-only starts soon, so say ', { code: 'go 41' }, '! Or ', { strong: 'wait' }, '.'), 24),
    ).toEqual(['Read-only starts soon,', 'so say `go 41`! Or wait.']);
  });

  test('a word that is longer than a line is left whole', () => {
    expect(
      plain(say('See ', { link: 'https://zonestamp.toolforge.org/1774447200', text: 'when' }), 10),
    ).toEqual(['See when', 'https://zonestamp.toolforge.org/1774447200']);
  });

  test('a link that is its own text is shown once', () => {
    expect(plain(say({ link: 'https://x.org', text: 'https://x.org' }))).toEqual(['https://x.org']);
  });

  test('items of a list hang under their dash', () => {
    expect(plain(message('plain', list(['one two three'], ['four'])), 10)).toEqual([
      '- one two',
      '  three',
      '- four',
    ]);
  });

  test('fields have their values in one column', () => {
    const fields: Block = {
      kind: 'fields',
      fields: [
        { label: 'run', value: ['41'] },
        { label: 'waits for', value: ['two approvals of somebody'] },
      ],
    };
    expect(plain(message('plain', fields), 30)).toEqual([
      'run        41',
      'waits for  two approvals of',
      '           somebody',
    ]);
  });

  test('columns of a table are as wide as people see them, the last one is wrapped', () => {
    const table: Block = {
      kind: 'table',
      columns: ['name', 'state'],
      rows: [
        ['日本', 'read-only for now'],
        ['a', 'ok'],
      ],
    };
    expect(plain(message('plain', table), 16)).toEqual([
      'name  state',
      '日本  read-only',
      '      for now',
      'a     ok',
    ]);
  });

  test('code keeps its spaces and is never wrapped', () => {
    expect(plain(message('plain', { kind: 'code', lines: ['  a   b c'] }), 4)).toEqual(['  a   b c']);
  });

  test.each<[Block & { kind: 'progress' }, string]>([
    [
      { kind: 'progress', label: 'warm up', done: 3, of: 6, note: '25 s' },
      'warm up [██████████░░░░░░░░░░] 3/6 25 s',
    ],
    [{ kind: 'progress', label: 'x', done: 0, of: 3 }, 'x [░░░░░░░░░░░░░░░░░░░░] 0/3'],
    [{ kind: 'progress', label: 'x', done: 9, of: 3 }, 'x [████████████████████] 9/3'],
    [{ kind: 'progress', label: 'rounds', done: 4, of: 0 }, 'rounds 4'],
  ])('progress %#', (block, expected) => {
    expect(plain(message('plain', block))).toEqual([expected]);
    expect(renderInOneLine(block, { width: 30, colours: 'ansi' })).toBe(
      textWidth(expected) > 30 ? `${expected.slice(0, 29)}…` : expected,
    );
  });

  test('choices show what to type', () => {
    const choices: Block = {
      kind: 'choices',
      choices: [
        { label: 'GO', command: 'go 41' },
        { label: 'NOGO', command: 'nogo 41' },
      ],
    };
    expect(plain(message('plain', choices))).toEqual(['GO: `go 41` · NOGO: `nogo 41`']);
  });

  test('an alarm says so in words', () => {
    expect(plain(message('alarm', paragraph('read-only for 5 min')))).toEqual(['ALARM: read-only for 5 min']);
  });

  test('what leads is followed by text on the same line, by anything longer on the next', () => {
    const lead = [piece('#ops '), piece('<bot> ')];
    const look = { width: 40, colours: 'none' } as const;
    expect(renderMessage(say('hello'), look, lead)).toEqual(['#ops <bot> hello']);
    expect(renderMessage(message('plain', { kind: 'code', lines: ['one'] }), look, lead)).toEqual([
      '#ops <bot> one',
    ]);
    expect(renderMessage(message('plain', { kind: 'code', lines: ['a', 'b'] }), look, lead)).toEqual([
      '#ops <bot>',
      'a',
      'b',
    ]);
    expect(renderMessage({ tone: 'plain', blocks: [] }, look, lead)).toEqual(['#ops <bot>']);
  });
});

describe('colours', () => {
  test.each([
    [true, undefined, 'ansi'],
    [true, '', 'ansi'],
    [true, '1', 'none'],
    [false, undefined, 'none'],
    [undefined, undefined, 'none'],
  ] as const)('a terminal: %s, NO_COLOR: %j: %s', (isTTY, noColor, expected) => {
    expect(coloursFor(isTTY === undefined ? {} : { isTTY }, noColor)).toBe(expected);
  });

  test('inks are opened and closed around their text; code needs no backquotes then', () => {
    expect(renderMessage(say('say ', { code: 'go' }), { width: 40, colours: 'ansi' })).toEqual([
      'say \u001b[36mgo\u001b[39m',
    ]);
    expect(renderMessage(message('alarm', paragraph('x')), { width: 40, colours: 'ansi' })).toEqual([
      '\u001b[31mALARM:\u001b[39m\u001b[31m \u001b[39m\u001b[31mx\u001b[39m',
    ]);
  });
});

test('nothing that anybody writes can steer the terminal', () => {
  const words = fc.string({ unit: 'binary', maxLength: 40 });
  const nasty = fc.oneof(
    words,
    fc.constantFrom('\u001b[2J', '\r\nfake line', '\u009b31m', '\u202egnp', '\ud800'),
  );
  const span = fc.oneof(
    nasty,
    fc.record({ strong: nasty }),
    fc.record({ code: nasty }),
    fc.record({ link: nasty, text: nasty }),
  );
  const spans = fc.array(span, { maxLength: 4 });
  const block: fc.Arbitrary<Block> = fc.oneof(
    spans.map((all): Block => ({ kind: 'paragraph', spans: all })),
    fc.array(spans, { maxLength: 3 }).map((items): Block => ({ kind: 'list', items })),
    fc.record({ label: nasty, value: spans }).map((field): Block => ({ kind: 'fields', fields: [field] })),
    fc
      .array(nasty, { minLength: 1, maxLength: 3 })
      .map((row): Block => ({ kind: 'table', columns: row, rows: [row, []] })),
    fc.array(nasty, { maxLength: 3 }).map((lines): Block => ({ kind: 'code', lines })),
    fc
      .record({ label: nasty, note: nasty, done: fc.nat(9), of: fc.nat(9) })
      .map((rest): Block => ({ kind: 'progress', ...rest })),
    fc
      .record({ label: nasty, command: nasty })
      .map((choice): Block => ({ kind: 'choices', choices: [choice] })),
  );
  fc.assert(
    fc.property(fc.array(block, { maxLength: 4 }), fc.integer({ min: 1, max: 60 }), (blocks, width) => {
      for (const line of renderMessage({ tone: 'alarm', blocks }, { width, colours: 'none' })) {
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
        expect(Buffer.from(line).toString()).toBe(line);
      }
    }),
  );
});
