/** A discovery record of the lab. */
export interface DiscoveryRecord {
  readonly name: string;
  /**
   * Where it may sanely be pooled: in `one` datacenter (active/passive: while it is pooled in two, DNS does not change),
   * in `some` (active/active), or in `any`, also in none: it answers with the failoid then.
   */
  readonly pooledIn: 'one' | 'some' | 'any';
  /** Its address in each datacenter. */
  readonly addresses: Readonly<Record<string, string>>;
}

export interface DnsDatacenter {
  readonly name: string;
  /** Where its clients are, `10.192.0.0/16`. They are led to it first. */
  readonly clients: string;
}

export interface GdnsdConfig {
  readonly address: string;
  readonly port: number;
  /** Absolute paths. */
  readonly runFolder: string;
  readonly stateFolder: string;
  readonly datacenters: readonly DnsDatacenter[];
  readonly records: readonly DiscoveryRecord[];
  /** An address that refuses connections: the answer for a record that is pooled nowhere. */
  readonly failoid: string;
}

/** The server's configuration file: each record is answered by nearness among what its state file says is up. Pure. */
export function gdnsdConfig(config: GdnsdConfig): string {
  const { address, port, runFolder, stateFolder, datacenters, records, failoid } = config;
  const names = datacenters.map(({ name }) => name);
  const nearestTo = (first: string): string =>
    `[${[first, ...names.filter((name) => name !== first)].join(', ')}]`;
  const anywhere = `[${names.join(', ')}]`;
  return `
options => {
  listen => ${address}, dns_port => ${port}, run_dir => ${runFolder}, state_dir => ${stateFolder},
  tcp_threads => 1, udp_threads => 1, edns_client_subnet => true,
  # The longest TTL that an object may have.
  max_ttl => 86400, min_ttl => 1
}
service_types => {
${records
  // 2 s is the least; it only counts where the file system does not tell of changes.
  .map(
    ({ name }) =>
      `  ${name} => { plugin => extfile, file => discovery-${name}.state, interval => 2, direct => true, def_down => true }`,
  )
  .join('\n')}
}
plugins => {
  geoip => {
    maps => { discovery => { datacenters => ${anywhere}, nets => {
${datacenters.map(({ name, clients }) => `      ${clients} => ${nearestTo(name)},`).join('\n')}
      0.0.0.0/0 => ${anywhere}
    } } }
    resources => {
${records
  .map(
    ({ name, addresses }) =>
      `      ${name} => { map => discovery, service_types => ${name}, dcmap => { ${names
        .map((dc) => `${dc} => ${addressIn(addresses, dc, name)}`)
        .join(', ')} } }`,
  )
  .join('\n')}
    }
  }
  metafo => { resources => {
${records
  .map(
    ({ name }) =>
      `    ${name} => { datacenters => [pooled, nowhere], service_types => up, dcmap => { pooled => "%geoip!${name}", nowhere => ${failoid} } }`,
  )
  .join('\n')}
  } }
}
`;
}

function addressIn(addresses: DiscoveryRecord['addresses'], datacenter: string, record: string): string {
  const address = addresses[datacenter];
  if (address === undefined) throw new Error(`${record} has no address in ${datacenter}`);
  return address;
}

/** The zone's file; every record takes its TTL from its state file. Pure. */
export function discoveryZone(
  servers: readonly { readonly name: string; readonly address: string }[],
  records: readonly DiscoveryRecord[],
): string {
  return [
    `@ 60 SOA ${servers[0]?.name ?? 'ns0'} hostmaster 1 7200 30M 7D 60`,
    ...servers.flatMap(({ name, address }) => [`@ 300 NS ${name}`, `${name} 300 A ${address}`]),
    ...records.map(({ name }) => `${name} 86400/1 DYNA metafo!${name}`),
    '',
  ].join('\n');
}
