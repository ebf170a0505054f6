import { expect, test } from '@jest/globals';
import { type Block, message, paragraph, type Span } from '../../src/chat/message.js';
import { person } from '../../src/domain/names.js';
import { answerSchema, lineOfJson, readLine } from '../../src/service/wire.js';

type KeyOf<T> = T extends object ? keyof T : never;

/** One of every kind: a new one that is not added here does not compile. */
const spans: Readonly<Record<KeyOf<Span>, Span>> = {
  strong: { strong: 'PASS' },
  code: { code: '02-drain-edits' },
  command: { command: 'why 41' },
  link: { link: 'https://example.org', text: 'there' },
  text: { link: 'https://example.org', text: '' },
  mention: { mention: person('alice') },
};
const blocks: { readonly [Kind in Block['kind']]: Extract<Block, { kind: Kind }> } = {
  paragraph: { kind: 'paragraph', spans: ['words', ...Object.values(spans)] },
  list: { kind: 'list', items: [Object.values(spans)] },
  fields: { kind: 'fields', fields: [{ label: 'a', value: Object.values(spans) }] },
  table: { kind: 'table', columns: ['a'], rows: [['b']] },
  code: { kind: 'code', lines: ['a'] },
  progress: { kind: 'progress', label: 'run 41', done: 1, of: 2, note: 'phase 2' },
  choices: { kind: 'choices', choices: [{ label: 'GO', command: 'go 41' }] },
};

test('whatever a command answers arrives as it was', () => {
  const reply = { status: 'ok', message: message('good', ...Object.values(blocks)), data: null } as const;
  const answer = { kind: 'reply', reply } as const;
  expect(readLine(lineOfJson(answer), answerSchema)).toEqual({ value: answer });
  const bare = { kind: 'said', message: message('plain', paragraph('a')) } as const;
  expect(readLine(lineOfJson(bare), answerSchema)).toEqual({ value: bare });
});
