import { expect, test } from '@jest/globals';
import { Writable } from 'node:stream';
import { demonstrate } from '../../src/compose/demonstration.js';
import type { Config } from '../../src/config/config.js';
import { embeddedDefaults } from '../../src/config/embedded-defaults.js';
import { systemClock } from '../../src/domain/clock.js';
import { exitCodeOfRun } from '../../src/service/exit-codes.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** How a demonstration among these people ends, and what was said in it. */
async function among(names: readonly string[]): Promise<{ code: number; said: string }> {
  using folder = temporaryFolder();
  const defaults = embeddedDefaults('somebody');
  const config: Config = { ...defaults, people: defaults.people.filter(({ name }) => names.includes(name)) };
  let said = '';
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      said += chunk.toString();
      done();
    },
  });
  const parts = { config, directory: folder.path, wall: systemClock(), output, noColor: '1' };
  const troubles: string[] = [];
  const result = await demonstrate(
    // Nothing is watched here, and what is waited for is the end of half an hour.
    { ...parts, speeds: { fast: 1_000, real: 1_000 }, log: (text) => troubles.push(text) },
    new AbortController().signal,
  );
  expect(troubles).toEqual([]);
  return { code: exitCodeOfRun(result), said };
}

test('where too few people can approve, the demonstration ends as its run does: not with 0', async () => {
  const { code, said } = await among(['alice', 'bob']);
  expect(code).toBe(6);
  expect(said).toContain('Run 1: ABORTED');
  expect(said).toContain('1 of 2 GOs');
});

test('where the run cannot even be asked for it fails', async () => {
  const { code, said } = await among(['carol', 'dan']);
  expect(code).toBe(5);
  expect(said).toContain('The role operator is needed to request');
});
