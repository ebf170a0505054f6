import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { Config } from '../src/config/config.js';
import { loadConfig } from '../src/config/load-config.js';
import { renderMistakes } from '../src/config/render-mistakes.js';

/** The configuration of an installation that has a lab for its world, as the service loads it. Throws where it is wrong. */
export async function loadLabConfig({ configFile }: { readonly configFile: string }): Promise<Config> {
  const loaded = await loadConfig({
    file: configFile,
    unixUser: userInfo().username,
    env: {},
    readFile: async (file) => readFile(file),
  });
  if (!loaded.ok) throw new Error(renderMistakes(loaded.mistakes));
  return loaded.config;
}
