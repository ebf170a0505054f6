import { expect, test } from '@jest/globals';
import { calmLog } from '../../src/compose/calm-log.js';
import { instant, MINUTE, SECOND } from '../../src/domain/instant.js';

test('the same line is said once a minute at most, another one at once', () => {
  let now = instant(0);
  const said: string[] = [];
  const log = calmLog((text) => said.push(`${now / SECOND} ${text}`), { now: () => now });
  for (; now < 2 * MINUTE; now = instant(now + SECOND)) {
    log('no space');
    if (now === 30 * SECOND) log('no power');
  }
  expect(said).toEqual(['0 no space', '30 no power', '60 no space']);
});

test('a clock that is set back does not silence it for longer', () => {
  let now = instant(60 * MINUTE);
  const said: string[] = [];
  const log = calmLog((text) => said.push(text), { now: () => now });
  log('no space');
  now = instant(0);
  log('no space');
  expect(said).toHaveLength(2);
});
