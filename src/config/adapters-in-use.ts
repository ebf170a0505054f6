import type { AdapterInUse } from '../access/practice.js';
import type { Config } from './config.js';

/**
 * Each adapter and what it reaches. Exhaustive by type: an adapter that is added to the configuration does not compile
 * here until it is said what it can touch. Pure.
 */
export function adaptersInUse({ adapters, chat }: Config): readonly AdapterInUse[] {
  const ports = Object.entries(adapters) as [string, Config['adapters'][keyof Config['adapters']]][];
  return [
    ...ports.map(([port, adapter]): AdapterInUse => ({ port, adapter, reaches: REACHES[adapter] })),
    ...[...new Set(chat.destinations.map(({ platform }) => platform))].map((platform): AdapterInUse => ({
      port: 'chat',
      adapter: platform,
      reaches: chatReaches(platform),
    })),
  ];
}

const REACHES: Readonly<Record<Config['adapters'][keyof Config['adapters']], AdapterInUse['reaches']>> = {
  embedded: 'nothing-real',
  simulated: 'nothing-real',
};

/** A chat with other people in it is real, wherever its server is known to be. */
function chatReaches(platform: Config['chat']['destinations'][number]['platform']): AdapterInUse['reaches'] {
  return platform === 'terminal' ? 'nothing-real' : { endpoints: [] };
}
