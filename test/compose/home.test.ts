import { expect, test } from '@jest/globals';
import { home } from '../../src/compose/home.js';
import type { ChatDestination } from '../../src/config/config.js';
import { embeddedDefaults } from '../../src/config/embedded-defaults.js';

const config = embeddedDefaults('somebody');

const homeAmong = (destinations: readonly ChatDestination[]): { platform: string; channel: string } =>
  home({ ...config, chat: { ...config.chat, destinations } });

const destination = (
  platform: ChatDestination['platform'],
  channel: string,
  project?: string,
): ChatDestination => ({
  platform,
  channel,
  audiences: [],
  verbosity: 'tasks',
  ...(project === undefined ? {} : { project }),
});

test('the terminal speaks in its own channel that has a project, whatever the other chats have', () => {
  const all = [
    destination('irc', '#irc-operations', 'production'),
    destination('slack', '#slack-operations', 'production'),
    destination('terminal', '#community'),
    destination('terminal', '#here', 'production'),
  ];
  expect(homeAmong(all)).toEqual({ platform: 'terminal', channel: '#here' });
});

test('where no channel of the terminal has a project it is called #operations, also beside chats', () => {
  const operations = { platform: 'terminal', channel: '#operations' };
  expect(homeAmong([])).toEqual(operations);
  expect(
    homeAmong([destination('terminal', '#community'), destination('irc', '#elsewhere', 'production')]),
  ).toEqual(operations);
});
