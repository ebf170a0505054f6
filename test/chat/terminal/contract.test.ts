import { PassThrough } from 'node:stream';
import { chatPlatformContract } from '../../contracts/chat-platform.contract.js';
import { channel, Sink, terminal } from './support.js';

chatPlatformContract('in a terminal', async (test) => {
  const input = new PassThrough();
  const output = new Sink();
  const chat = terminal({ input, output });
  await test({
    chat,
    channel,
    speakers: [
      { identity: { kind: 'unix', user: 'alice' }, says: async (text) => void input.write(`${text}\n`) },
    ],
    seen: async () => output.text,
    harm: async () =>
      [...output.text.matchAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g)].map(([one]) => one),
    takeDown: undefined,
  });
  await chat[Symbol.asyncDispose]();
});
