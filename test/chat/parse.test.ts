import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LONGEST_LINE, parse } from '../../src/chat/parse.js';
import { quoted } from '../../src/chat/line.js';
import { mistaken } from '../../src/chat/reply.js';
import { spanText } from '../../src/chat/message.js';
import { withoutControls } from '../../src/domain/text.js';
import { registry } from './support.js';

function shown(input: string | readonly string[]): string {
  const parsed = parse(input, registry);
  switch (parsed.kind) {
    case 'command':
      return `${parsed.command.words[0] ?? ''} ${JSON.stringify(parsed.args)}`;
    case 'help':
      return `help ${parsed.command?.words[0] ?? ''}`.trim();
    case 'mistake': {
      const [block] = mistaken(parsed.mistake).message.blocks;
      return block?.kind === 'paragraph' ? spanText(block.spans) : '';
    }
  }
}

describe('lines', () => {
  test.each([
    ['go 41', 'go {"run":41}'],
    ['Go 41 "it is time"', 'go {"run":41,"note":"it is time"}'],
    ['yes 41', 'go {"run":41}'],
    ['  go\t41\n', 'go {"run":41}'],
    ['', 'help'],
    [' \n ', 'help'],
    ['--help', 'help'],
    ['start --help', 'help start'],
    ['log restarted db1 --help', 'log {"message":"restarted db1 --help","quiet":false}'],
    ['strat', 'There is no command "strat"; help lists them. Did you mean start?'],
    ['xyzzy', 'There is no command "xyzzy"; help lists them.'],
    ['go', 'RUN is missing: the number of the run. Usage: go RUN [NOTE]'],
    [
      'start wikki --task T1',
      '"wikki" is not right for RUNBOOK: expected wiki or services. Did you mean wiki? Usage: start [RUNBOOK] [FROM TO] --task T12345 [--ro-reason TEXT] [--only TASK[,TASK]] [--note TEXT] [--dry-run]',
    ],
  ])('%j', (line, expected) => {
    expect(shown(line)).toBe(expected);
  });

  test('words of a shell are not cut again', () => {
    expect(shown(['go', '41', 'it is "time"'])).toBe('go {"run":41,"note":"it is \\"time\\""}');
    expect(shown(['go', '41', '—note'])).toContain('There is no "--note" here.');
  });

  test('control characters count as spaces, and never come back', () => {
    expect(shown('go\u000041')).toBe('go {"run":41}');
    expect(shown('\u001b[31mgo')).toBe('There is no command "[31mgo"; help lists them.');
    expect(shown(['go', '41', 'a\u0007b\u202ec'])).toBe('go {"run":41,"note":"a b c"}');
  });

  test('a line that is too long is answered shortly', () => {
    const answer = 'That line is too long: at most 4000 characters are read.';
    expect(shown(`log ${'x'.repeat(LONGEST_LINE - 4)}`)).toContain('xxx');
    expect(shown(`log ${'x'.repeat(LONGEST_LINE - 3)}`)).toBe(answer);
    expect(shown('x'.repeat(10_000_000))).toBe(answer);
    expect(shown(Array.from({ length: LONGEST_LINE }, () => 'x'))).toBe(answer);
  });
});

describe('properties', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 5_000 });
  const nearlyRight = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'start',
          'go',
          'find',
          'log',
          'wiki',
          'north',
          'south',
          '--task',
          'T1',
          '--dry-run',
          '--',
          '=',
          '41',
        ),
        fc.string({ unit: fc.constantFrom(...Array.from('a1 \\\'"“”‘’—–-=')), maxLength: 8 }),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(' '));

  test('any text, and any words, get an answer of one short line', () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearlyRight, fc.array(anything, { maxLength: 4 })), (input) => {
        const parsed = parse(input, registry);
        if (parsed.kind !== 'mistake') return;
        expect(parsed.mistake.what.length).toBeLessThan(300);
        expect(shown(input)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
      { numRuns: 500 },
    );
  });

  test('what is quoted arrives as it was', () => {
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      // What could steer a terminal becomes a space, quoted or not.
      .filter((text) => text.trim() !== '' && withoutControls(text) === text);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const parsed = parse(['find', ...words.map(quoted)].join(' '), registry);
        expect(parsed).toMatchObject({ kind: 'command', args: { words } });
      }),
    );
  });
});
