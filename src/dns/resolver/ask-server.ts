import { askOverTcp } from './ask-over-tcp.js';
import { askOverUdp } from './ask-over-udp.js';
import type { Asking, AuthoritativeServer } from './asking.js';
import type { Question } from './question.js';
import type { Said } from './read-message.js';

export type Answered = Exclude<Said, { kind: 'truncated' }>;

/** So many answers fit into a socket's buffer while nobody reads it; more questions go over more sockets. */
const QUESTIONS_PER_SOCKET = 100;

/** What one server says to each question, in their order; questions go by datagram first, over TCP where that is short. */
export async function askServer(
  server: AuthoritativeServer,
  questions: readonly Question[],
  asking: Asking,
): Promise<Answered[]> {
  const parts: Promise<Answered[]>[] = [];
  for (let start = 0; start < questions.length; start += QUESTIONS_PER_SOCKET)
    parts.push(askPart(server, questions.slice(start, start + QUESTIONS_PER_SOCKET), asking));
  return (await Promise.all(parts)).flat();
}

async function askPart(
  server: AuthoritativeServer,
  questions: readonly Question[],
  asking: Asking,
): Promise<Answered[]> {
  const said = await askOverUdp(server, questions, asking);
  const long = questions.filter((_, index) => said[index]?.kind === 'truncated');
  const inFull = (long.length === 0 ? [] : await askOverTcp(server, long, asking)).values();
  return said.map((one) => {
    const final = one.kind === 'truncated' ? inFull.next().value : one;
    return final === undefined || final.kind === 'truncated'
      ? { kind: 'no-address', because: 'truncates its answers over TCP too' }
      : final;
  });
}
