import { report } from '../../src/chat/reporter.js';
import type { ChatPlatform, Destination } from '../../src/chat/platform.js';
import { sqliteCursors } from '../../src/chat/sqlite/sqlite-cursors.js';
import { tellingOf, type Verbosity } from '../../src/chat/telling.js';
import type { FullHouse } from './full-house.js';

export interface Reporting {
  readonly troubles: string[];
  /** The process that tells is gone; what it has written stays. */
  stop(): Promise<void>;
}

/** Has a house's runs told to a destination, as the service does. */
export function startTelling(
  full: FullHouse,
  platform: ChatPlatform,
  verbosity: Exclude<Verbosity, 'nothing'> = 'tasks',
  to: Destination = { platform: platform.name, channel: '#ops' },
): Reporting {
  const over = new AbortController();
  const troubles: string[] = [];
  const tell = tellingOf(verbosity, {
    crowd: full.house.directory,
    links: () => [{ text: 'task', link: 'https://tasks.example.org/T1' }],
    history: async () => [],
  });
  if (tell === undefined) throw new Error('nothing would be told');
  const work = report(
    {
      journal: full.house.journal,
      cursors: sqliteCursors(full.files.records),
      clock: full.house.clock,
      platform,
      to,
      tell,
      preparedRun: async (id) => (await full.house.runner.view(id))?.run,
      trouble: (text) => troubles.push(text),
    },
    over.signal,
  ).catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  return {
    troubles,
    async stop() {
      over.abort(new Error('enough'));
      await work;
    },
  };
}
