import { type LoadedConfig, loadConfig } from '../../src/config/load-config.js';
import type { ConfigMistake } from '../../src/config/mistake.js';

/** Loads a configuration from texts, as if they were files. */
export function loadText(
  text: string | Uint8Array,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<LoadedConfig> {
  const all: Readonly<Record<string, string | Uint8Array>> = { ...files, 'switchdc.yaml': text };
  return loadConfig({
    file: 'switchdc.yaml',
    env,
    unixUser: 'alice',
    readFile: (path, most) => {
      const content = all[path];
      if (content === undefined)
        return Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' }));
      return Promise.resolve(Buffer.from(content).subarray(0, most));
    },
  });
}

/** The mistakes in a text; it must have some. */
export async function mistakesIn(
  text: string | Uint8Array,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<readonly ConfigMistake[]> {
  const loaded = await loadText(text, files, env);
  if (loaded.ok) throw new Error('a configuration was accepted that should not have been');
  return loaded.mistakes;
}
