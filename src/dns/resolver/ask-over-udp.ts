import { type Socket, createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { plus } from '../../domain/instant.js';
import { type Asking, type AuthoritativeServer, noAnswer, whyFailed } from './asking.js';
import { OpenQuestions } from './open-questions.js';
import { type Question, datagramOf } from './question.js';
import type { Said } from './read-message.js';
import { settledWithin } from './settled-within.js';

/**
 * Puts questions to one server over one socket, which is connected: the system lets nothing through that does not come
 * from that server's address and port, and tells when nothing listens there. What stays unanswered is sent again, for
 * datagrams get lost.
 */
export async function askOverUdp(
  server: AuthoritativeServer,
  questions: readonly Question[],
  asking: Asking,
): Promise<Said[]> {
  const { clock, resendAfter, giveUpAfter, signal } = asking;
  signal.throwIfAborted();
  const open = new OpenQuestions(questions);
  const socket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
  const fail = (error: Error): void => open.giveUp(whyFailed(server, error));
  socket.on('error', fail);
  socket.on('message', (bytes) => open.receive(bytes));
  const until = plus(clock.now(), giveUpAfter);
  try {
    await connected(socket, server, open);
    for (let now = clock.now(); open.unanswered.length > 0 && now < until; now = clock.now()) {
      for (const [id, question] of open.unanswered)
        socket.send(datagramOf(question, id), (error) => {
          if (error !== null) fail(error);
        });
      await settledWithin(open.settled, Math.min(resendAfter, until - now), clock, signal);
    }
  } finally {
    socket.removeAllListeners('message');
    socket.close();
  }
  return open.results(noAnswer(server, giveUpAfter));
}

/** Resolves when it can be sent on, or when that has failed: then nothing is open any more. */
function connected(socket: Socket, server: AuthoritativeServer, open: OpenQuestions): Promise<unknown> {
  const ready = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  socket.connect(server.port, server.address);
  return Promise.race([ready, open.settled]);
}
