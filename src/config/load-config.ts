import type { Config } from './config.js';
import { embeddedDefaults } from './embedded-defaults.js';
import { fileProblem } from './file-problem.js';
import type { Misfit } from './misfit.js';
import type { ConfigMistake } from './mistake.js';
import { parseConfigFile } from './parse-config-file.js';
import { pathText } from './path-text.js';
import { resolveChatConnections } from './resolve-chat-connections.js';
import { resolveConnections, type Whole } from './resolve-connections.js';
import { type SecretSources, resolveSecrets } from './resolve-secrets.js';
import type { ConfigFile } from './schema/config-file.js';
import { toConfig } from './to-config.js';
import { decodeText } from './yaml/decode-text.js';
import { LIMITS } from './yaml/limits.js';
import { type Positions, readYaml } from './yaml/read-yaml.js';

export interface ConfigSources extends SecretSources {
  /** Undefined: the file that `SWITCHDC_CONFIG` names, and without it the embedded defaults. */
  readonly file?: string;
  /** Who runs this process; the embedded defaults make an operator of them. */
  readonly unixUser: string;
}

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly mistakes: readonly ConfigMistake[] };

/** Reads, checks and completes the configuration; every mistake in it is returned at once, none is thrown. */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const file = sources.file ?? sources.env['SWITCHDC_CONFIG'];
  if (file === undefined || file === '') return { ok: true, config: embeddedDefaults(sources.unixUser) };
  const text = await readText(file, sources);
  if (typeof text !== 'string') return { ok: false, mistakes: [{ file, path: '', ...text }] };
  const yaml = readYaml(text);
  if (!yaml.ok) return { ok: false, mistakes: yaml.mistakes.map((mistake) => ({ file, ...mistake })) };

  const parsed = parseConfigFile(yaml.value);
  const located = (misfit: Misfit): ConfigMistake => ({ file, ...locate(misfit, yaml.positions) });
  if (!parsed.ok) return { ok: false, mistakes: parsed.misfits.map(located) };
  const { secrets, misfits } = await resolveSecrets(parsed.file.secrets, sources);
  const whole = wholeConnections(parsed.file);
  const resolved = whole && (await resolveConnections(whole, sources));
  const chats = await resolveChatConnections(parsed.file, sources);
  const wrong = [
    ...misfits,
    ...(resolved !== undefined && 'misfits' in resolved ? resolved.misfits : []),
    ...('misfits' in chats ? chats.misfits : []),
  ];
  if (wrong.length > 0 || 'misfits' in chats) return { ok: false, mistakes: wrong.map(located) };
  const world = resolved === undefined || 'misfits' in resolved ? undefined : resolved;
  const all = [...secrets, ...chats.secrets, ...(world?.secrets ?? [])];
  return { ok: true, config: toConfig(parsed.file, all, world?.connections, chats.chatConnections) };
}

/** All sections, where the adapters are real ones; parsing has refused what is missing. */
function wholeConnections({ adapters, connections }: ConfigFile): Whole | undefined {
  const { etcd, ssh, mariadb, resolver, http } = connections;
  if (adapters.state !== 'etcd' || !etcd || !ssh || !mariadb || !resolver || !http) return undefined;
  return { etcd, ssh, mariadb, resolver, http };
}

async function readText(
  file: string,
  { readFile }: SecretSources,
): Promise<string | Pick<ConfigMistake, 'at' | 'found' | 'expected'>> {
  let bytes;
  try {
    bytes = await readFile(file, LIMITS.bytes + 1);
  } catch (error) {
    return { found: fileProblem(error), expected: 'a configuration file that can be read' };
  }
  if (bytes.length > LIMITS.bytes)
    return {
      found: `more than ${LIMITS.bytes / 1024} KiB`,
      expected: `a file of at most ${LIMITS.bytes / 1024} KiB`,
    };
  const decoded = decodeText(bytes);
  return decoded.ok
    ? decoded.text
    : { at: decoded.at, found: `the byte ${decoded.byte}`, expected: 'text in UTF-8' };
}

/** What is missing is pointed at by the section that it is missing from. */
function locate({ path, isKey, ...rest }: Misfit, positions: Positions): ConfigMistake {
  const own = pathText(path);
  const near = path.map((_, index) => pathText(path.slice(0, path.length - index - 1)));
  const at =
    (isKey === true ? positions.key(own) : undefined) ??
    positions.value(own) ??
    near
      .map((parent) => positions.key(parent) ?? positions.value(parent))
      .find((position) => position !== undefined);
  return { path: own, ...rest, ...(at === undefined ? {} : { at }) };
}
