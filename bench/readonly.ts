import { setMaxListeners } from 'node:events';
import { machine } from './machine.js';
import { measureLab } from './readonly/measured-lab.js';
import { type ReadOnlyFigures, asJson, asText } from './readonly/figures.js';

/**
 * The read-only window on the lab, task by task, beside the classic procedure on the same servers in the same run: trust
 * the ratios, not the seconds. Takes some minutes; `--json` prints one object instead of the tables.
 */
/** The wiki's own last. In numbers that differ, so that what depends on them is seen. */
const SECTIONS = ['s2', 's4', 's7', 's8', 'x1', 's1'];
const FEWER = ['x1', 's1'];

setMaxListeners(0);
const tell = (what: string): void => {
  process.stderr.write(`${what} …\n`);
};
const figures: ReadOnlyFigures = {
  ttl10: await measureLab({ sections: SECTIONS, cacheLifetime: 10, tell }),
  ttl1: await measureLab({ sections: FEWER, cacheLifetime: 1, tell }),
};
process.stdout.write(
  process.argv.includes('--json')
    ? `${JSON.stringify(asJson(figures))}\n`
    : `${asText(machine(), figures)}\n`,
);
