import { randomUUID } from 'node:crypto';
import type { Identity, Person } from '../../src/access/person.js';
import type { Config } from '../../src/config/config.js';
import { embeddedDefaults } from '../../src/config/embedded-defaults.js';
import type { IncomingMessage } from '../../src/chat/platform.js';
import { person, role } from '../../src/domain/names.js';
import { instant } from '../../src/domain/instant.js';

/** The two windows that everybody has open. */
export type ChatWindow = 'irc' | 'slack';

/** A trusted program beside the six people. */
const relay: Person = {
  name: person('relay'),
  roles: [role('operator')],
  identities: [{ kind: 'irc', account: 'relay' }],
  isBot: true,
};

export const identityIn = (window: ChatWindow, name: string): Identity =>
  window === 'irc'
    ? { kind: 'irc', account: name }
    : { kind: 'slack', team: 'T0PRACTICE', user: `U0${name.toUpperCase()}` };

/** The embedded configuration with everybody in both chats, and whatever else is changed. */
export function inBothChats(change: (config: Config) => Config = (config) => config): Config {
  const config = embeddedDefaults('somebody');
  const people = config.people.map((one): Person => ({
    ...one,
    identities: [identityIn('irc', one.name), identityIn('slack', one.name)],
  }));
  return change({ ...config, people: [...people, relay] });
}

/** Somebody says a line in one of their windows. */
export function saidIn(window: ChatWindow, name: string, text: string): IncomingMessage {
  return {
    id: randomUUID(),
    from: { platform: window, channel: '#operations' },
    sender: identityIn(window, name),
    calledThere: name,
    text,
    at: instant(0),
  };
}
