import { Client } from 'irc-framework';

/** The simplest bot there is, in a process of its own: says in the channel what follows `!echo`. */
interface SimpleClient {
  on(event: string, heard: (event: { readonly target: string; readonly message: string }) => void): void;
  join(channel: string): void;
  say(target: string, text: string): void;
  connect(): void;
}

const [port = '', channel = ''] = process.argv.slice(2);
const options = { host: '127.0.0.1', port: Number(port), nick: 'echo' };
const bot = new (Client as unknown as new (options: object) => SimpleClient)(options);
bot.on('registered', () => {
  bot.join(channel);
});
bot.on('privmsg', ({ target, message }) => {
  if (message.startsWith('!echo ')) bot.say(target, message.slice('!echo '.length));
});
bot.connect();
