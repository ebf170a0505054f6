import { setMaxListeners } from 'node:events';
import { openBenchHouse, runSwitchover } from './bench-house.js';

// A process of its own, so that nothing else is in the figure: prints the resident bytes after so many runs.
setMaxListeners(0);
const [directory = '', runs = '1'] = process.argv.slice(2);
const { house, close } = await openBenchHouse(directory);
for (let run = 0; run < Number(runs); run += 1) await runSwitchover(house);
globalThis.gc?.();
process.stdout.write(`${process.memoryUsage.rss()}\n`);
await close();
