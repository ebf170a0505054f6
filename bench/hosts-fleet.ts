import type { SshHosts as LabHosts } from '../lab/ssh-hosts.js';
import type { Clock } from '../src/domain/clock.js';
import { MINUTE } from '../src/domain/instant.js';
import type { HostCommand } from '../src/hosts/hosts.js';
import { type SshHosts, openSshHosts } from '../src/hosts/ssh/open-ssh-hosts.js';

/** What one needs to connect to the hosts of a lab; plain data, for a process of its own. */
export interface HostsBenchSpec {
  readonly addresses: Readonly<Record<string, string>>;
  readonly user: string;
  readonly port: number;
  readonly privateKey: string;
  readonly knownHosts: string;
  readonly keyExchange: string;
}

export function fleetSpec(lab: LabHosts, keyExchange: string): HostsBenchSpec {
  return {
    addresses: Object.fromEntries(lab.hosts.map(({ name, address }) => [name, address])),
    user: lab.user,
    port: lab.port,
    privateKey: lab.clientKey.private,
    knownHosts: lab.knownHosts(),
    keyExchange,
  };
}

export function connectToFleet(spec: HostsBenchSpec, clock: Clock): SshHosts {
  return openSshHosts({
    inventory: { hosts: Object.keys(spec.addresses), aliases: {} },
    routes: { rules: [{ hosts: '*', user: spec.user, port: spec.port }], addresses: spec.addresses },
    credentials: { privateKey: spec.privateKey },
    knownHosts: spec.knownHosts,
    keyExchanges: [spec.keyExchange],
    clock,
    trouble: (text) => process.stderr.write(`${text}\n`),
  });
}

const command: HostCommand = {
  name: 'true',
  argv: ['true'],
  effect: 'reads',
  okCodes: [0],
  timeout: MINUTE,
  successThreshold: 1,
};

/** Its milliseconds. Throws where it does not succeed on all of them. */
export async function trueEverywhere(hosts: SshHosts, query: string): Promise<number> {
  const { signal } = new AbortController();
  const began = performance.now();
  const results = await hosts.ask(query, command, signal);
  const took = performance.now() - began;
  const failed = results.find(({ outcome }) => outcome.kind !== 'exited' || !outcome.ok);
  if (failed) throw new Error(`${failed.host}: ${JSON.stringify(failed.outcome)}`);
  return took;
}
