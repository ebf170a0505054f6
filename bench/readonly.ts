import { setMaxListeners } from 'node:events';
import { machine } from './machine.js';
import { measureLab } from './readonly/measured-lab.js';
import { type ReadOnlyFigures, asJson, asText } from './readonly/figures.js';

/**
 * The read-only window on the lab, task by task, beside the classic procedure on the same servers in the same run: trust
 * the ratios, not the seconds. Takes some minutes; `--json` prints one object instead of the tables.
 */
const SECTIONS = ['s4', 's7', 'x1', 's1'];

setMaxListeners(0);
const tell = (what: string): void => {
  process.stderr.write(`${what} …\n`);
};
const on = (cacheLifetime: number) => measureLab({ sections: SECTIONS, cacheLifetime, tell });
const figures: ReadOnlyFigures = { ttl10: await on(10), ttl1: await on(1) };
process.stdout.write(
  process.argv.includes('--json')
    ? `${JSON.stringify(asJson(figures))}\n`
    : `${asText(machine(), figures)}\n`,
);
