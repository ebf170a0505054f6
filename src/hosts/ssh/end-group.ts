import type { Client } from 'ssh2';
import { type Clock, sleep } from '../../domain/clock.js';
import type { Millis } from '../../domain/instant.js';
import { endGroupLine } from './remote-line.js';
import type { Turns } from './turns.js';

/** Longer than the host itself takes to end it by force. */
const LONGEST: Millis = 2_500;

/** `left`: something of it cannot be ended. `no-answer`: it is not known whether it ended. */
export type Ending = 'ended' | 'left' | 'no-answer';

/** Ends a process group over the connection that it was started on. Never rejects. */
export async function endGroup(client: Client, group: number, turns: Turns, clock: Clock): Promise<Ending> {
  const over = new AbortController();
  const late = sleep(clock, LONGEST, over.signal).then(
    () => 'no-answer' as const,
    () => 'no-answer' as const,
  );
  const ending = turns.take(over.signal).then(async (release) => {
    try {
      return await askToEnd(client, group);
    } finally {
      release();
    }
  });
  try {
    return await Promise.race([ending.catch(() => 'no-answer' as const), late]);
  } finally {
    over.abort();
  }
}

function askToEnd(client: Client, group: number): Promise<Ending> {
  return new Promise((resolve) => {
    const tell = (ending: Ending): void => {
      client.off('close', lost);
      resolve(ending);
    };
    const lost = (): void => tell('no-answer');
    client.once('close', lost);
    client.exec(endGroupLine(group), (error, channel) => {
      if (error) {
        lost();
        return;
      }
      channel.once('exit', (code: number | null) => tell(code === 0 ? 'ended' : 'left'));
      channel.once('close', lost);
      channel.resume();
      channel.stderr.resume();
      channel.end();
    });
  });
}
