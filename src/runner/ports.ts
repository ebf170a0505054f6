import type { Databases } from '../databases/databases.js';
import type { DnsReader } from '../dns/dns.js';
import type { Hosts } from '../hosts/hosts.js';
import type { SiteReader } from '../mediawiki/site.js';
import type { Locks } from '../state/locks.js';
import type { StateStore } from '../state/store.js';

/** The world as the runner reaches it: each port has an adapter that main.ts chose. */
export interface Ports {
  readonly state: StateStore;
  readonly locks: Locks;
  readonly databases: Databases;
  readonly dns: DnsReader;
  readonly site: SiteReader;
  readonly hosts: Hosts;
}
