import type { Misfit } from './misfit.js';
import type { ReadFile } from './read-file.js';
import type { SecretReference } from './schema/secret-section.js';
import { Secret } from './secret.js';
import { fileProblem } from './file-problem.js';

/** Where secrets come from. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
}

/** Nothing that is a secret is longer, and nothing shorter can be kept out of texts without tearing them to pieces. */
const [SHORTEST, LONGEST] = [8, 64 * 1024];

export interface ResolvedSecrets {
  readonly secrets: readonly Secret[];
  readonly misfits: readonly Misfit[];
}

/** Reads what the references name. A line end at the end of a file belongs to the file, not to the secret. */
export async function resolveSecrets(
  references: readonly SecretReference[],
  sources: SecretSources,
): Promise<ResolvedSecrets> {
  const resolved = await Promise.all(
    references.map((reference, index) => resolveSecret(reference, ['secrets', index], sources)),
  );
  const secrets: Secret[] = [];
  const misfits: Misfit[] = [];
  for (const one of resolved) {
    if (one instanceof Secret) secrets.push(one);
    else misfits.push(one);
  }
  return { secrets, misfits };
}

/** Reads what one reference names. */
export async function resolveSecret(
  reference: SecretReference,
  path: Misfit['path'],
  sources: SecretSources,
): Promise<Secret | Misfit> {
  const key = reference.file === undefined ? 'env' : 'file';
  const text =
    reference.file === undefined
      ? sources.env[reference.env ?? '']
      : await readText(reference.file, sources.readFile);
  const own = [...path, key];
  if (text === undefined)
    return { path: own, found: 'not set', expected: 'an environment variable that is set' };
  if (typeof text !== 'string')
    return { path: own, found: text.problem, expected: 'a file that can be read' };
  const value = text.replace(/\r?\n$/, '');
  if (value.length >= SHORTEST && value.length <= LONGEST) return new Secret(value);
  return {
    path: own,
    found: 'a value that is not shown',
    expected: `a secret of ${SHORTEST} to ${LONGEST} characters`,
  };
}

/** The text of a file of at most 64 KiB, or what is wrong with it. */
export async function readText(file: string, readFile: ReadFile): Promise<string | { problem: string }> {
  try {
    return new TextDecoder().decode(await readFile(file, LONGEST + 2));
  } catch (error) {
    return { problem: fileProblem(error) };
  }
}
