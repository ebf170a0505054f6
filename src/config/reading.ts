import type { Endpoint } from './connections.js';
import type { Misfit } from './misfit.js';
import type { ConfigPath } from './path-text.js';
import { type SecretSources, readText, resolveSecret } from './resolve-secrets.js';
import type { SecretReference } from './schema/secret-section.js';
import { Secret } from './secret.js';

/** Reads one thing after the other, and keeps what is wrong with them for the end. */
export class Reading {
  readonly misfits: Misfit[] = [];
  readonly secrets: Secret[] = [];

  constructor(private readonly sources: SecretSources) {}

  async secret(reference: SecretReference, path: ConfigPath): Promise<Secret> {
    const found = await resolveSecret(reference, path, this.sources);
    if (found instanceof Secret) {
      this.secrets.push(found);
      return found;
    }
    this.misfits.push(found);
    return new Secret('');
  }

  async optional(reference: SecretReference | undefined, path: ConfigPath): Promise<Secret | undefined> {
    return reference === undefined ? undefined : this.secret(reference, path);
  }

  async file(name: string | undefined, path: ConfigPath): Promise<string | undefined> {
    if (name === undefined) return undefined;
    const text = await readText(name, this.sources.readFile);
    if (typeof text === 'string') return text;
    this.misfits.push({ path, found: text.problem, expected: 'a file that can be read' });
    return undefined;
  }
}

/** `10.0.0.1:53`, `[::1]:53`, `ns0.example.org:53`. */
export function endpointOf(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
}
