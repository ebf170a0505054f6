import { describe, expect, test } from '@jest/globals';
import { scrubberOf, scrubJson } from '../../src/domain/scrub.js';

describe('a scrubber', () => {
  const scrub = scrubberOf(['hunter2hunter2', 'hunter2hunter2-longer', '']);

  test('hides a secret wherever it stands in a text', () => {
    expect(scrub('mysql --password=hunter2hunter2 failed: hunter2hunter2')).toBe(
      'mysql --password=[secret] failed: [secret]',
    );
  });
  test('hides a secret that contains another one whole', () => {
    expect(scrub('token hunter2hunter2-longer')).toBe('token [secret]');
  });
  test('leaves a text without secrets as it is', () => {
    expect(scrub('nothing to see')).toBe('nothing to see');
  });
  test('goes through plain data, keys included', () => {
    const data = { hunter2hunter2: [1, null, true, { output: 'x hunter2hunter2 y' }] };
    expect(scrubJson(data, scrub)).toEqual({ '[secret]': [1, null, true, { output: 'x [secret] y' }] });
  });
});
