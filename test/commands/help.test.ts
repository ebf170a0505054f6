import { expect, test } from '@jest/globals';
import { helpCommand } from '../../commands/help.js';
import { openRegistry, type Registry } from '../../src/chat/registry.js';
import { noArguments } from '../../src/chat/grammar.js';
import { command, goGrammar, startGrammar } from '../chat/support.js';
import { ask, seen } from './support.js';

const help = helpCommand(() => registry);
const registry: Registry = openRegistry([
  help,
  command('next', noArguments, { example: 'next' }),
  command('start', startGrammar, { example: 'start --task T1', requires: 'operate', writes: true }),
  command('go', goGrammar, { words: ['go', 'yes'], example: 'go 41', requires: 'answer', writes: true }),
  command('sing', noArguments, { example: 'sing' }),
]);

test('is a few lines, by situation; a command that belongs to none comes last', async () => {
  expect(seen(await ask(help)).split('\n')).toEqual([
    '- What is coming: next',
    '- Ask for a run: start',
    '- While it runs: go',
    '- Also: help, sing',
    '`help COMMAND` tells more, with an example.',
  ]);
});

test('explains one command, by any of its words', async () => {
  expect(seen(await ask(help, 'YES')).split('\n')).toEqual([
    'go: do go. Also: yes. You need a role that may answer: `whoami` shows what yours may.',
    'Usage: `go RUN [NOTE]`',
    '- RUN: the number of the run',
    '- NOTE: why',
    'Example: `go 41`',
  ]);
  expect(seen(await ask(help, 'start'))).toContain('- RUNBOOK: what to do (wiki, services)');
});

test('gives programs everything', async () => {
  expect((await ask(help)).data).toMatchObject([
    { words: ['help'] },
    { words: ['next'] },
    { words: ['start'] },
    {},
    {},
  ]);
  expect((await ask(help, 'go')).data).toEqual({
    words: ['go', 'yes'],
    summary: 'do go',
    usage: 'go RUN [NOTE]',
    example: 'go 41',
    requires: 'answer',
    writes: true,
    parameters: [
      { name: 'RUN', means: 'the number of the run', needed: true, choices: [] },
      { name: 'NOTE', means: 'why', needed: false, choices: [] },
    ],
  });
});

test.each([
  ['strat', 'There is no command "strat". Did you mean `start`?'],
  ['xyzzy', 'There is no command "xyzzy". `help` lists all.'],
])('%s is not found', async (word, text) => {
  const reply = await ask(help, word);
  expect([reply.status, seen(reply)]).toEqual(['not-found', text]);
});
