import { embeddedData } from '../src/config/embedded-data.js';
import { installationOf } from '../src/config/installation-of.js';
import { parseConfigFile } from '../src/config/parse-config-file.js';
import { toConfig } from '../src/config/to-config.js';
import { coreDatacenters, type Installation } from '../src/domain/installation.js';
import type { DatacenterName } from '../src/domain/names.js';
import type { Inventory } from '../src/hosts/inventory.js';
import { defaultInventory } from '../src/simulation/default-inventory.js';

export interface LabOptions {
  /** Database sections, the wiki's last; three unless told. */
  readonly sections?: readonly string[];
  /** How long an app server may go on with the configuration it has read, in whole seconds; 10 unless told. */
  readonly cacheLifetime?: number;
  /** The normal and the lowered TTL of discovery records, in whole seconds; 20 and 5 unless told. */
  readonly ttls?: readonly [number, number];
  /** Where the primary is at first; the southern datacenter unless told. */
  readonly primary?: string;
  /** What one way between the datacenters takes, in milliseconds; 16.5 unless told, a round trip of 33. */
  readonly linkDelay?: number;
  /** Where the installation keeps its records; below the lab's folder unless told. */
  readonly dataDirectory?: string;
  /** Sections of the configuration file that replace the lab's own. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What is decided before anything is started: names, sizes and times. */
export interface LabSettings {
  readonly installation: Installation;
  readonly inventory: Inventory;
  readonly primary: DatacenterName;
  readonly secondary: DatacenterName;
  readonly linkDelay: number;
  /** A configuration file with everything that does not depend on where servers listen. */
  readonly file: Readonly<Record<string, unknown>>;
}

const APP_SERVERS = 4;
/** Hosts that no operation names: what happens to them is a mistake. */
const BYSTANDERS = 10;

/** The lab's installation: the practice configuration with the lab's own sizes and times. Pure. */
export function labSettings(unixUser: string, options: LabOptions): LabSettings {
  const { sections = ['s4', 'x1', 's1'], cacheLifetime = 10, ttls = [20, 5], linkDelay = 16.5 } = options;
  const data = embeddedData(unixUser);
  const [ttl, loweredTtl] = ttls.map((seconds) => `${seconds} s`);
  const file = {
    ...data,
    installation: 'lab',
    sections: [...sections],
    wiki: {
      ...data.wiki,
      appServers: { eqiad: APP_SERVERS, codfw: APP_SERVERS },
      configCacheLifetime: `${cacheLifetime} s`,
    },
    dns: { ...data.dns, ttl, loweredTtl, servers: ['ns0', 'ns1'] },
  };
  const parsed = parseConfigFile(file);
  if (!parsed.ok) throw new Error(`the lab's configuration is wrong: ${JSON.stringify(parsed.misfits)}`);
  const installation = installationOf(toConfig(parsed.file, []));
  const datacenters = coreDatacenters(installation);
  const primary = datacenters.find((name) => name === (options.primary ?? 'codfw'));
  const secondary = datacenters.find((name) => name !== primary);
  if (primary === undefined || secondary === undefined)
    throw new Error(`the lab has no datacenter ${options.primary ?? ''}`);
  return { installation, inventory: labInventory(installation), primary, secondary, linkDelay, file };
}

function labInventory(installation: Installation): Inventory {
  const { hosts, aliases } = defaultInventory(installation);
  const bystanders = coreDatacenters(installation).flatMap((dc, side) =>
    Array.from({ length: BYSTANDERS }, (_, index) => `parse${(side + 1) * 1_000 + index + 1}.${dc}.wmnet`),
  );
  return { hosts: [...hosts, ...bystanders], aliases };
}
