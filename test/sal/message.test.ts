import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LONGEST_MESSAGE, fittedMessage, salMessage } from '../../src/sal/message.js';

describe('a message for the log', () => {
  it.each(['', '   ', '\t\r\n', '\u0000\u001b', '\u200b', '\u2060\ufeff \u00ad'])(
    'is refused when there is nothing in it: %j',
    (text) => {
      expect(salMessage(text)).toEqual({
        ok: false,
        problem: 'there is nothing to log',
        needed: 'a message',
      });
    },
  );

  it('stays on one line and loses control characters, colours and direction overrides', () => {
    expect(salMessage('restart\r\nQUIT :\u001b[31mx\u202ey')).toEqual({
      ok: true,
      message: 'restart  QUIT : [31mx y',
    });
  });

  it('is refused, not cut, when it is too long, and says how long it may be', () => {
    expect(salMessage('x'.repeat(LONGEST_MESSAGE))).toMatchObject({ ok: true });
    expect(salMessage('x'.repeat(LONGEST_MESSAGE + 1))).toEqual({
      ok: false,
      problem: 'a message of 2001 characters is too long for the log',
      needed: 'at most 2000 characters',
    });
  });

  it('is one printable line within the limit, or refused, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
        const result = salMessage(text);
        if (!result.ok) return;
        expect(result.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(result.message).not.toMatch(/\p{Surrogate}/u);
        expect(result.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
      }),
    );
  });
});

describe('what a run has to say', () => {
  it('is cut with an ellipsis where it is too long', () => {
    expect(fittedMessage(`START ${'x'.repeat(5_000)}`)).toMatch(/^START x+…$/);
  });

  it('is within the limit whatever its characters are made of', () => {
    const family = '👩‍👩‍👧‍👦';
    fc.assert(
      fc.property(
        fc.constantFrom('x', 'é', 'e\u0301\u0302\u0303', family, '切'),
        fc.nat(4_000),
        (unit, times) => {
          const message = fittedMessage(unit.repeat(times));
          expect(message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
          expect(message).not.toMatch(/\p{Surrogate}/u);
          if (unit.length * times <= LONGEST_MESSAGE) expect(message).toBe(unit.repeat(times));
        },
      ),
    );
  });
});
