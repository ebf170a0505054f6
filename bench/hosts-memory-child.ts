import { readFileSync } from 'node:fs';
import { systemClock } from '../src/domain/clock.js';
import { type HostsBenchSpec, connectToFleet, trueEverywhere } from './hosts-fleet.js';

// A process of its own with nothing in it but the adapter: prints its resident bytes with all connections open.
const spec = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as HostsBenchSpec;
await using hosts = connectToFleet(spec, systemClock());
await hosts.warm('*');
for (let time = 0; time < 5; time += 1) await trueEverywhere(hosts, '*');
globalThis.gc?.();
process.stdout.write(`${process.memoryUsage.rss()}\n`);
