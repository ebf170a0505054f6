import { ImpossibleState } from '../domain/errors.js';
import type { Config } from './config.js';
import { embeddedData } from './embedded-data.js';
import { parseConfigFile } from './parse-config-file.js';
import { pathText } from './path-text.js';
import { toConfig } from './to-config.js';

/**
 * The configuration for when there is no file: everything simulated, six people to practise with. Whoever runs the
 * process (`unixUser`) is one of them, with the right to operate: that is so only here, where nothing real can be
 * touched. Pure.
 */
export function embeddedDefaults(unixUser: string): Config {
  const parsed = parseConfigFile(embeddedData(unixUser));
  if (parsed.ok) return toConfig(parsed.file, []);
  const [first] = parsed.misfits;
  throw new ImpossibleState(
    `the embedded configuration is wrong at ${first === undefined ? 'an unknown place' : `${pathText(first.path)}: ${first.found}, expected ${first.expected}`}`,
  );
}
