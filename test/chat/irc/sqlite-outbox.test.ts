import { expect, test } from '@jest/globals';
import { type Message, say } from '../../../src/chat/message.js';
import { outboxMigrations, sqliteOutbox } from '../../../src/chat/sqlite/sqlite-outbox.js';
import { instant } from '../../../src/domain/instant.js';
import { openDatabase } from '../../../src/storage/open-database.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const to = { platform: 'irc', channel: '#operations' } as const;
const at = instant(1_000);

test('what was put is there for the next process, oldest first, until it has arrived', () => {
  using folder = temporaryFolder();
  const file = folder.file('chat.db');
  const first = openDatabase(file, outboxMigrations);
  const outbox = sqliteOutbox(first);
  const shown: Message = { tone: 'alarm', blocks: [{ kind: 'code', lines: ['a', 'é\u0000'] }] };
  outbox.put({ key: 'b', to, message: shown, at });
  outbox.put({ key: 'a', to, message: say('a'), at });
  outbox.put({ key: 'c', to: { platform: 'slack', channel: 'C1' }, message: say('c'), at });
  outbox.written(['b']);
  first.close();
  const again = sqliteOutbox(openDatabase(file, outboxMigrations));
  expect(again.waiting('irc')).toEqual([
    { key: 'b', to, message: shown, at, state: 'written' },
    { key: 'a', to, message: say('a'), at, state: 'queued' },
  ]);
  again.sent(['b'], 'msgid 7');
  again.dropped(['a']);
  expect(again.waiting('irc')).toEqual([]);
  expect(again.find('b')).toEqual({ key: 'b', to, at, state: 'sent', proof: 'msgid 7' });
  expect(again.find('a')).toBeUndefined();
});

test('a key that is put again keeps its place, and what arrived is forgotten after its time', () => {
  const outbox = sqliteOutbox(openDatabase(':memory:', outboxMigrations));
  outbox.put({ key: 'a', to, message: say('a'), at });
  outbox.put({ key: 'b', to, message: say('b'), at });
  outbox.written(['a']);
  outbox.put({ key: 'a', to, message: say('anew'), at: instant(9_000) });
  expect(outbox.waiting('irc')).toMatchObject([
    { key: 'a', message: say('anew'), at, state: 'queued' },
    { key: 'b' },
  ]);
  outbox.sent(['a'], 'x');
  outbox.forget(instant(1_001));
  expect(outbox.find('a')).toBeUndefined();
  expect(outbox.waiting('irc')).toHaveLength(1);
});
