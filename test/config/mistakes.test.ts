import { describe, expect, test } from '@jest/globals';
import { renderMistakes } from '../../src/config/render-mistakes.js';
import { changed, setting } from './mistake-rows.js';
import { loadText, mistakesIn } from './sources.js';

describe('the mistakes in a configuration', () => {
  test('nothing is wrong with the configuration that the mistakes are made in', async () => {
    expect(await loadText(changed(() => undefined))).toMatchObject({ ok: true });
  });

  test('all mistakes are told at once, in the order of the file, each with where it is', async () => {
    const text = [
      'installation: Practice',
      'datacenters:',
      '  northern: { name: eqiad, city: Ashburn }',
      '  southern: { name: eqiad, city: Dallas }',
      'sections: [s1, s1]',
      'wiki:',
      '  readWriteRecords: [web]',
      '  drain: 10',
      'dns: { servers: [ns0], addresses: { web: { eqiad: 10.0.0.1, codfw: 10.0.0.2 } } }',
      'people:',
      '  - name: alice',
      '    roles: [operater]',
      '    identities: [{ irc: alice, unix: alice }]',
      '  - { name: bob, roles: [operator], identites: [] }',
      'roles:',
      '  operator: { description: performs switchovers, may: [operate, aprove] }',
    ].join('\n');
    expect(renderMistakes(await mistakesIn(text)).split('\n')).toEqual([
      'The configuration has 9 mistakes:',
      '  switchdc.yaml:1:15 installation: "Practice", expected this installation’s name: lower-case letters, digits and hyphens, at most 32, such as production',
      '  switchdc.yaml:4:21 datacenters.southern.name: "eqiad", expected another datacenter than the northern one',
      '  switchdc.yaml:5:16 sections[1]: "s1", expected each name once; it is already in sections[0]',
      '  switchdc.yaml:8:10 wiki.drain: 10, expected a length of time from 0 ms to 5 min, such as 10 s; write the unit, such as 10 s',
      '  switchdc.yaml:12:13 people[0].roles[0]: "operater", expected a role that is defined: operator; did you mean "operator"?',
      '  switchdc.yaml:13:18 people[0].identities[0]: a section, expected exactly one of irc, slack and unix',
      '  switchdc.yaml:14:5 people[1].identities: missing, expected a list of at most 50 identities',
      '  switchdc.yaml:14:37 people[1].identites: unknown key, expected one of name, roles, identities, bot; did you mean "identities"?',
      expect.stringMatching(
        /^ {2}switchdc.yaml:16:65 roles.operator.may\[1\]: "aprove", expected one of operate, .*; did you mean "approve"\?$/,
      ),
    ]);
  });

  test('an empty file tells what is missing', async () => {
    const mistakes = await mistakesIn('');
    expect(mistakes.map(({ path, found }) => `${path} ${found}`)).toEqual(
      ['installation', 'datacenters', 'sections', 'wiki', 'dns', 'people', 'roles'].map(
        (key) => `${key} missing`,
      ),
    );
  });

  test.each([
    ['a text', 'switchdc'],
    ['a list', '- a\n- b'],
    ['a number', '42'],
  ])('%s is no configuration', async (_, text) => {
    expect(await mistakesIn(text)).toMatchObject([
      { path: '', expected: expect.stringMatching(/^a section with the keys/) as unknown },
    ]);
  });

  test('a section whose settings are all commented out is as if left out', async () => {
    expect(await loadText(`${changed(() => undefined)}\nsal:\n`)).toMatchObject({ ok: true });
    expect(await mistakesIn(`${changed(() => undefined)}\nsla:\n`)).toMatchObject([
      { path: 'sla', found: 'unknown key' },
    ]);
  });

  test('what people read is one printable line, however it was written', async () => {
    const nasty = '\u001b[31mred\u0007\n'.repeat(100);
    const rendered = renderMistakes(await mistakesIn(changed(setting('installation', nasty))));
    expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(rendered.split('\n')).toHaveLength(2);
    expect(rendered.length).toBeLessThan(400);
  });

  test('a great many mistakes are counted, not all shown', async () => {
    const text = changed(
      setting(
        'sections',
        Array.from({ length: 180 }, () => 'S'),
      ),
    );
    const rendered = renderMistakes(await mistakesIn(text)).split('\n');
    expect(rendered[0]).toMatch(/^The configuration has \d{3} mistakes:$/);
    expect(rendered).toHaveLength(102);
    expect(rendered.at(-1)).toMatch(/^ {2}… and \d+ more$/);
  });
});
