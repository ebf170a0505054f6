import type { Person } from '../access/person.js';
import type { Role } from '../access/role.js';
import type { Audience } from '../calendar/milestone.js';
import type { Override } from '../calendar/overrides.js';
import type { ZoneChoice } from '../calendar/zones.js';
import type { Rates } from '../chat/courtesy.js';
import type { Destination } from '../chat/platform.js';
import type { Verbosity } from '../chat/telling.js';
import type { Installation } from '../domain/installation.js';
import type { DatacenterName } from '../domain/names.js';
import type { Inventory } from '../hosts/inventory.js';
import type { Operations } from '../hosts/operation.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import type { ChatConnections } from './chat-connections.js';
import type { Connections } from './connections.js';
import type { Secret } from './secret.js';

/** Everything that is configured, parsed once at boot, with every default filled in and every reference checked. */
export interface Config {
  /** Owner of locks together with the run. */
  readonly name: string;
  /** Where the SQLite files and the socket live; as written, relative to the working directory. */
  readonly dataDirectory: string;
  readonly datacenters: { readonly northern: Datacenter; readonly southern: Datacenter };
  readonly sections: Installation['sections'];
  readonly wiki: Installation['wiki'];
  readonly dns: Installation['dns'] & { readonly addresses: RecordAddresses };
  /** Undefined: the hosts and commands of the simulated pair of datacenters. */
  readonly hosts?: HostsConfig;
  readonly adapters: AdapterChoices;
  /** How the real world is reached; undefined where everything is simulated. */
  readonly connections?: Connections;
  readonly simulation: SimulationConfig;
  readonly people: readonly Person[];
  readonly roles: readonly Role[];
  /** What approves the request for a run. */
  readonly approvals: Readonly<Record<RequestKind, ApprovalPolicy>>;
  /** What a phase of the switchover waits for, by the phase's id. */
  readonly gates: Readonly<Record<GatedPhase, ApprovalPolicy>>;
  readonly calendar: { readonly overrides: readonly Override[]; readonly zones: readonly ZoneChoice[] };
  readonly chat: {
    readonly prefix: string;
    readonly destinations: readonly ChatDestination[];
    /** In the message about a run that is kept up to date: `{run}`, `{task}` and `{event}` stand for its own. */
    readonly links: readonly { readonly text: string; readonly address: string }[];
    /** How many lines of one person, and of all strangers together, are answered. */
    readonly rates: Rates;
  };
  /** How the chats are reached that destinations are on. */
  readonly chatConnections: ChatConnections;
  /** `entryUrl`: where an entry can be read, with `{id}` in the place of its number. */
  readonly sal: { readonly entryUrl?: string };
  /** Never to be seen in the journal, a log or a chat. */
  readonly secrets: readonly Secret[];
}

export interface Datacenter {
  readonly name: DatacenterName;
  /** `Dallas, Texas`: for people who do not know the name. */
  readonly city: string;
}

/** The address of a discovery record in each datacenter. */
export type RecordAddresses = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface HostsConfig {
  readonly inventory: Inventory;
  readonly operations: Operations;
}

export interface AdapterChoices {
  readonly state: 'embedded' | 'etcd';
  readonly databases: 'simulated' | 'mariadb';
  readonly dns: 'simulated' | 'resolver';
  readonly hosts: 'simulated' | 'ssh';
  readonly wiki: 'simulated' | 'http';
}

export interface SimulationConfig {
  /** Simulated seconds in a second of the machine's clock. */
  readonly speed: number;
  /** The same in the demonstration. */
  readonly demoSpeed: number;
}

/** An emergency is a live run whose request says so. */
export type RequestKind = 'live' | 'live-test' | 'dry-run' | 'emergency';

export type GatedPhase = '1' | '2';

export interface ChatDestination extends Destination {
  /** Whose announcements are told here. */
  readonly audiences: readonly Audience[];
  /** The SAL project that `!log` writes to here; without it `!log` is refused. */
  readonly project?: string;
  readonly verbosity: Verbosity;
}
