#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { main } from './main.js';

// One signal ends everything, so everything listens to it.
// Not 0: HTTP libraries ask for the number, and take 0 for something that is no signal.
setMaxListeners(1_000_000);
process.exitCode = await main(process.argv.slice(2));
