#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demonstrate } from './compose/demonstration.js';
import { embeddedDefaults } from './config/embedded-defaults.js';
import { systemClock } from './domain/clock.js';
import { oneLine } from './domain/text.js';

/** Simulated seconds in a real one around read-only: fast enough for a demonstration, slow enough to be watched. */
const WATCHED = 10;

// One signal ends everything, so everything listens to it.
setMaxListeners(0);
const directory = await mkdtemp(join(tmpdir(), 'switchdc-demo-'));
try {
  const config = embeddedDefaults('demo');
  const result = await demonstrate({
    config,
    directory,
    wall: systemClock(),
    output: process.stdout,
    noColor: process.env['NO_COLOR'],
    speeds: { fast: config.simulation.demoSpeed, real: WATCHED },
    log: (text) => {
      process.stderr.write(`switchdc: ${oneLine(text)}\n`);
    },
  });
  process.exitCode = result === 'PASS' ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
