import { connect } from 'node:net';
import { type Asking, type AuthoritativeServer, noAnswer, whyFailed } from './asking.js';
import { OpenQuestions } from './open-questions.js';
import { type Question, streamOf } from './question.js';
import type { Said } from './read-message.js';
import { settledWithin } from './settled-within.js';

/** Puts questions whose answers do not fit into a datagram to a server, all over one connection. */
export async function askOverTcp(
  server: AuthoritativeServer,
  questions: readonly Question[],
  { clock, giveUpAfter, signal }: Asking,
): Promise<Said[]> {
  signal.throwIfAborted();
  const open = new OpenQuestions(questions);
  const socket = connect({ host: server.address, port: server.port, noDelay: true });
  let unread = Buffer.alloc(0);
  socket.on('error', (error) => open.giveUp(whyFailed(server, error)));
  socket.on('close', () => open.giveUp('closed the connection without an answer'));
  socket.on('data', (bytes: Buffer) => {
    unread = takeMessages(Buffer.concat([unread, bytes]), (message) => open.receive(message));
  });
  for (const [id, question] of open.unanswered) socket.write(streamOf(question, id));
  try {
    await settledWithin(open.settled, giveUpAfter, clock, signal);
  } finally {
    socket.removeAllListeners('data');
    socket.destroy();
  }
  return open.results(noAnswer(server, giveUpAfter));
}

/** Hands on each message that is there in full, and returns the rest. Each comes after its length in two bytes. */
function takeMessages(bytes: Buffer<ArrayBuffer>, take: (message: Buffer) => void): Buffer<ArrayBuffer> {
  let start = 0;
  while (bytes.length >= start + 2) {
    const end = start + 2 + bytes.readUInt16BE(start);
    if (bytes.length < end) break;
    take(bytes.subarray(start + 2, end));
    start = end;
  }
  return bytes.subarray(start);
}
