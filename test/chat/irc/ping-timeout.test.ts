import { expect, test } from '@jest/globals';
import { openInspircd } from '../../../lab/irc/inspircd.js';
import { LabGround } from '../../../lab/lab-ground.js';
import { TcpProxy } from '../../../lab/tcp-proxy.js';
import { say } from '../../../src/chat/message.js';
import { eventually } from '../../support/eventually.js';
import { inChannel, ircChat, operations, OPERATIONS, personWith } from './support.js';

test('a bot that the server has given up comes back, says why, and loses nothing that was to be said', async () => {
  await using ground = await LabGround.open();
  const { port } = await openInspircd(ground, { pingEvery: 2 });
  await using link = await TcpProxy.open(
    { host: '127.0.0.1', port: await ground.ports.next() },
    { host: '127.0.0.1', port },
  );
  await using alice = await personWith(port, 'alice1');
  await using under = await ircChat(link.port);
  await inChannel(alice);
  link.stall();
  await under.chat.queue(operations, say('said meanwhile'), 'announcement');
  await alice.sees(/^:switchdc\S* QUIT :Ping timeout/, 30_000);
  const from = alice.lines.length;
  link.mend();
  await alice.sees(/^:switchdc\S* JOIN/, 10_000, from);
  await eventually(
    () => alice.saidBy('switchdc', OPERATIONS).some((line) => line.includes('said meanwhile')),
    'it is said',
  );
  expect(under.troubles[0]).toMatch(/Ping timeout|the server closed the connection/);
}, 60_000);
