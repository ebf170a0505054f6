import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IrcClient } from '../../lab/irc/irc-client.js';
import { type LabInspircd, openInspircd } from '../../lab/irc/inspircd.js';
import { openNgircd } from '../../lab/irc/ngircd.js';
import { type IrcServices, openServices } from '../../lab/irc/services.js';
import { LabGround } from '../../lab/lab-ground.js';

let ground: LabGround;
let ircd: LabInspircd;
let services: IrcServices;

beforeAll(async () => {
  ground = await LabGround.open();
  ircd = await openInspircd(ground);
  services = await openServices(ground, ircd);
}, 60_000);

afterAll(() => ground[Symbol.asyncDispose]());

test('an account lets its owner in, and the server vouches for them to whoever asks it to', async () => {
  const alice = { name: 'alice', password: 'a-password' };
  await services.register(alice);
  await using listener = await IrcClient.open({ port: ircd.port, nick: 'listener' });
  listener.write('CAP REQ :account-tag');
  await listener.joins('#lab');
  await using known = await IrcClient.open({ port: ircd.port, nick: 'alice1', account: alice });
  await using unknown = await IrcClient.open({ port: ircd.port, nick: 'mallory' });
  for (const one of [known, unknown]) {
    await one.joins('#lab');
    one.says('#lab', 'hello');
    await listener.sees(new RegExp(`:${one.nick}!\\S+ PRIVMSG #lab :hello`));
  }
  const said = listener.lines.filter((line) => line.endsWith(':hello'));
  expect(said[0]).toMatch(/^@\S*account=alice/);
  expect(said[1]).not.toMatch(/account=/);
});

test('a server without accounts offers no more than it has', async () => {
  const plain = await openNgircd(ground);
  await using client = await IrcClient.open({ port: plain.port, nick: 'alice' });
  expect(await client.sees(/ CAP \* LS /)).toMatch(/:multi-prefix\s*$/);
});
