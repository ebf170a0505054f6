import { listed } from '../domain/text.js';
import { isLoopback } from './loopback.js';

/** One adapter as it is configured, and what it can reach: nothing real, or these endpoints. */
export interface AdapterInUse {
  /** `state`, `databases`: the port it serves. */
  readonly port: string;
  /** `embedded`, `simulated`, `etcd`. */
  readonly adapter: string;
  readonly reaches: 'nothing-real' | { readonly endpoints: readonly string[] };
}

export type PracticeRule =
  | { readonly allowed: true; readonly because: string }
  | { readonly allowed: false; readonly because: string };

/**
 * Whether somebody may speak for others with `/as NAME`: only where nothing real can be touched, that is while every
 * adapter is embedded or simulated or reaches loopback addresses alone. An adapter that names no endpoint is not known
 * to stay on this machine. Pure.
 */
export function practiceAllowed(adapters: readonly AdapterInUse[]): PracticeRule {
  const real = adapters.flatMap(({ port, adapter, reaches }) => {
    if (reaches === 'nothing-real') return [];
    if (reaches.endpoints.length === 0) return [`${port} (${adapter}) with an endpoint that is not known`];
    const remote = reaches.endpoints.filter((endpoint) => !isLoopback(endpoint));
    return remote.length === 0 ? [] : [`${port} (${adapter}) at ${listed(remote)}`];
  });
  if (real.length > 0)
    return { allowed: false, because: `something real can be reached: ${real.join('; ')}` };
  return { allowed: true, because: 'every adapter is simulated, embedded or on a loopback address' };
}
