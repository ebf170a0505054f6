import type { Installation } from '../domain/installation.js';
import type { Config } from './config.js';

/** The part of the configuration that everything in the house knows the installation by. Pure. */
export function installationOf(config: Config): Installation {
  const { name, datacenters, sections, wiki, dns } = config;
  return {
    name,
    datacenters: { northern: datacenters.northern.name, southern: datacenters.southern.name },
    sections,
    wiki,
    dns: { ttl: dns.ttl, loweredTtl: dns.loweredTtl, servers: dns.servers },
  };
}
