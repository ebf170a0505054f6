#!/usr/bin/env node
import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demonstrate } from './compose/demonstration.js';
import { embeddedDefaults } from './config/embedded-defaults.js';
import { systemClock } from './domain/clock.js';
import { explainError } from './domain/errors.js';
import { oneLine } from './domain/text.js';
import { EXIT_CODES, type ExitCode, exitCodeOfRun } from './service/exit-codes.js';

/** Simulated seconds in a real one around read-only: fast enough for a demonstration, slow enough to be watched. */
const WATCHED = 10;

const log = (text: string): void => {
  process.stderr.write(`switchdc: ${oneLine(text)}\n`);
};

async function main(signal: AbortSignal): Promise<ExitCode> {
  const directory = await mkdtemp(join(tmpdir(), 'switchdc-demo-'));
  try {
    const config = embeddedDefaults('demo');
    const result = await demonstrate(
      {
        config,
        directory,
        wall: systemClock(),
        output: process.stdout,
        noColor: process.env['NO_COLOR'],
        speeds: { fast: config.simulation.demoSpeed, real: WATCHED },
        log,
      },
      signal,
    );
    return exitCodeOfRun(result);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// One signal ends everything, so everything listens to it.
setMaxListeners(0);
const ended = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => {
    ended.abort(new Error(`ended by ${name}`));
  });
process.exitCode = await main(ended.signal).catch((error: unknown) => {
  log(explainError(error));
  return EXIT_CODES.internal;
});
