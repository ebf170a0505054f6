import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { embeddedData } from '../../src/config/embedded-data.js';
import { renderMistakes } from '../../src/config/render-mistakes.js';
import { loadText } from './sources.js';

type Tree = Record<string, Record<string, unknown>>;

/** What the guide shows, indented or not, in order. */
const shown = [...readFileSync('docs/chats.md', 'utf8').matchAll(/^( *)```yaml\n(.*?)^ *```$/gms)].map(
  ([, indent = '', text = '']) => parse(text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')) as Tree,
);

const files = {
  '/etc/switchdc/irc-password': 'planted-irc-password',
  '/etc/switchdc/irc-operations-key': 'planted-key',
  '/etc/switchdc/slack-bot-token': 'xoxb-planted',
  '/etc/switchdc/slack-app-token': 'xapp-planted',
};

test('what the guide to the chats shows is a configuration', async () => {
  const data = embeddedData('nobody') as unknown as Tree;
  const connections = Object.assign({}, ...shown.map((block) => block['connections'] ?? {})) as object;
  const people = shown.findLast((block) => 'people' in block)?.['people'] as unknown as { name: string }[];
  const others = (data['people'] as unknown as { name: string }[]).filter(
    ({ name }) => !people.some((person) => person.name === name),
  );
  const chat = shown.find((block) => 'chat' in block)?.['chat'];
  const text = stringify({ ...data, chat, connections, people: [...people, ...others] });
  const loaded = await loadText(text, files, {});
  if (!loaded.ok) throw new Error(renderMistakes(loaded.mistakes));
  const { chatConnections, chat: told } = loaded.config;
  expect(chatConnections.irc).toMatchObject({ host: 'irc.libera.chat', port: 6697, nick: 'switchdc' });
  expect(chatConnections.slack).toMatchObject({ channels: [{ name: '#operations', id: 'C0123456789' }] });
  expect(told.destinations).toHaveLength(3);
});
