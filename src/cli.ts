#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { main } from './main.js';

// One signal ends everything, so everything listens to it.
setMaxListeners(0);
process.exitCode = await main(process.argv.slice(2));
