import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkBlocks, checkText } from '../../../lab/slack/check-blocks.js';
import type { Block, Message, Span } from '../../../src/chat/message.js';
import { message, paragraph, say } from '../../../src/chat/message.js';
import { render, renderInOne, type RenderParts } from '../../../src/chat/slack/render.js';
import { afterMention, typedText } from '../../../src/chat/slack/typed-text.js';

const parts: RenderParts = {
  prefix: '!switchdc',
  slackUserOf: (person) => (person === 'bob' ? 'U0BOB' : undefined),
  choiceOf: (command) => `id-${command.length}`.slice(0, 100),
};

const nasty = fc.constantFrom(
  '<!channel>',
  '<!here|x>',
  '<!subteam^S1>',
  '<@U0EVE>',
  '@everyone',
  '&lt;!channel&gt;',
  '*_~`',
  '\u202e\u0000\u001b[2J',
  '\ud800',
  '👩‍👩‍👧‍👦'.repeat(40),
  'é'.repeat(4_000),
  '\n\n\r\n',
  ' ',
  '',
);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 3, arbitrary: nasty },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 2_000, max: 9_000 }).map((length) => 'long '.repeat(length / 5)),
  },
);
const address = fc.oneof(
  fc.webUrl(),
  text,
  fc.constantFrom('javascript:alert(1)', `https://x.test/${'y'.repeat(5_000)}`),
);
const span: fc.Arbitrary<Span> = fc.oneof(
  text,
  text.map((strong) => ({ strong })),
  text.map((code) => ({ code })),
  fc.tuple(address, text).map(([to, words]) => ({ link: to, text: words })),
  fc.constantFrom('bob', 'nobody').map((mention) => ({ mention: mention as never })),
);
const spans = fc.array(span, { maxLength: 8 });
const block: fc.Arbitrary<Block> = fc.oneof(
  spans.map((all): Block => ({ kind: 'paragraph', spans: all })),
  fc.array(spans, { maxLength: 60 }).map((items): Block => ({ kind: 'list', items })),
  fc
    .array(fc.record({ label: text, value: spans }), { maxLength: 30 })
    .map((fields): Block => ({ kind: 'fields', fields })),
  fc.record({
    kind: fc.constant('table' as const),
    columns: fc.array(text, { maxLength: 6 }),
    rows: fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 20 }),
  }),
  fc.array(text, { maxLength: 100 }).map((lines): Block => ({ kind: 'code', lines })),
  fc.record({
    kind: fc.constant('progress' as const),
    label: text,
    done: fc.integer({ min: -5, max: 500 }),
    of: fc.integer({ min: 0, max: 100 }),
    note: text,
  }),
  fc
    .array(fc.record({ label: text, command: text }), { maxLength: 60 })
    .map((choices): Block => ({ kind: 'choices', choices })),
);
const anyMessage: fc.Arbitrary<Message> = fc.record({
  tone: fc.constantFrom('plain', 'good', 'warning', 'alarm'),
  blocks: fc.array(block, { maxLength: 40 }),
});

test('Slack takes whatever is said, and nobody is called but those who are mentioned', () => {
  fc.assert(
    fc.property(anyMessage, (said) => {
      for (const part of [...render(said, parts), renderInOne(said, parts)]) {
        expect(checkBlocks(part.blocks)).toBeUndefined();
        expect(checkText(part.text)).toBeUndefined();
        expect(part.text.trim()).not.toBe('');
        expect((part.text.match(/<[^>]*>?/g) ?? []).filter((found) => found !== '<@U0BOB>')).toEqual([]);
        const json = JSON.stringify(part.blocks);
        expect(json).not.toMatch(/"type":"(broadcast|usergroup|channel|team|mrkdwn)"/);
        expect((json.match(/"user_id":"[^"]*"/g) ?? []).filter((one) => one !== '"user_id":"U0BOB"')).toEqual(
          [],
        );
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('a message of every kind at its worst is within the limits', () => {
  const long = 'é<&>'.repeat(3_000);
  const many = <T>(one: T): readonly T[] => Array.from({ length: 120 }, () => one);
  const worst = message(
    'alarm',
    {
      kind: 'list',
      items: many<readonly Span[]>([
        'x',
        { link: `https://x.test/${'y'.repeat(1_900)}`, text: 'z'.repeat(600) },
      ]),
    },
    { kind: 'paragraph', spans: [long, { strong: long }, { code: long }] },
    { kind: 'code', lines: [long, ...many('')] },
    { kind: 'table', columns: many('c'), rows: many(['x'.repeat(80)]) },
    { kind: 'fields', fields: many({ label: 'l', value: ['v'.repeat(100)] }) },
    { kind: 'choices', choices: many({ label: '👩‍👩‍👧‍👦'.repeat(40), command: long }) },
    ...many(paragraph('short')),
  );
  const all = render(worst, parts);
  expect(all.length).toBeGreaterThan(5);
  for (const part of [...all, renderInOne(worst, parts)]) {
    expect(checkBlocks(part.blocks)).toBeUndefined();
    expect(checkText(part.text)).toBeUndefined();
  }
});

describe('a message', () => {
  test('of an alarm says so in words', () => {
    const [part] = render(message('alarm', paragraph('x')), parts);
    expect(part?.text).toBe('ALARM: x');
    expect(JSON.stringify(part?.blocks)).toContain('"text":"ALARM","style":{"bold":true}');
  });

  test('in one part when it is short', () => {
    expect(render(say('x'), parts)).toEqual([
      {
        text: 'x',
        blocks: [
          {
            type: 'rich_text',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
          },
        ],
      },
    ]);
  });

  test('names the commands of its buttons where buttons cannot be shown', () => {
    const asked = message('plain', { kind: 'choices', choices: [{ label: 'GO', command: 'go 41' }] });
    expect(render(asked, parts)[0]?.text).toBe('GO: !switchdc go 41');
  });

  test('shows how far something is', () => {
    const [part] = render(
      message('plain', { kind: 'progress', label: 'Phase 3', done: 5, of: 10, note: 'paused' }),
      parts,
    );
    expect(part?.text).toBe('Phase 3 ██████████░░░░░░░░░░ 5/10 · paused');
  });

  test('has its table in columns', () => {
    const [part] = render(
      message('plain', { kind: 'table', columns: ['a', 'bb'], rows: [['long', 'x']] }),
      parts,
    );
    expect(JSON.stringify(part?.blocks)).toContain(String.raw`a     bb\nlong  x`);
  });
});

test('what was typed is read back from what Slack made of it', () => {
  const cases: readonly [string, string][] = [
    ['&lt;b&gt; &amp;amp;', '<b> &amp;'],
    ['<http://eqiad.wmnet|eqiad.wmnet>', 'eqiad.wmnet'],
    ['<https://x.test/y>', 'https://x.test/y'],
    ['<https://x.test/y|see here>', 'see here (https://x.test/y)'],
    ['<mailto:a@x.test|a@x.test>', 'a@x.test'],
    ['<@U1> <@U1|bob> <#C1|operations>', '@U1 @bob #operations'],
    ['<!here> <!subteam^S1|@dba>', '@here @dba'],
    ['plain < text', 'plain < text'],
  ];
  for (const [slack, typed] of cases) expect(typedText(slack)).toBe(typed);
  expect(afterMention(' <@U0BOT>: go', 'U0BOT')).toBe('go');
  expect(afterMention('<@U0BOT|switchdc> go', 'U0BOT')).toBe('go');
  expect(afterMention('<@U0BOB> go', 'U0BOT')).toBeUndefined();
});

test('reading what was typed never fails and takes no long time', () => {
  fc.assert(
    fc.property(
      fc.oneof(text, fc.constantFrom('<'.repeat(50_000), '<@'.repeat(20_000), '&'.repeat(40_000))),
      (slack) => {
        typedText(slack);
        afterMention(slack, 'U0BOT');
      },
    ),
  );
});
