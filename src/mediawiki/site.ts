/**
 * What the wiki itself says: each app server of each datacenter is asked by its address, so that no sample and no
 * load balancer stands between us and a server that has not followed. Reads only.
 */
import type { DatacenterName } from '../domain/names.js';

export interface AppServerView {
  readonly server: string;
  readonly datacenter: DatacenterName;
  readonly view:
    | {
        readonly answered: true;
        /** The read-only notice it would show an editor, or false. */
        readonly readOnly: string | false;
        /** The datacenter it believes to be primary. */
        readonly primary: DatacenterName;
      }
    | { readonly answered: false; readonly because: string };
}

export interface WikiActivity {
  /** Edits saved in the last minute. */
  readonly edits: number;
  /** Of them, how many are listed as recent changes. */
  readonly recentChanges: number;
}

export interface SiteReader {
  /** Every app server of these datacenters, in parallel. */
  views(of: readonly DatacenterName[], signal: AbortSignal): Promise<AppServerView[]>;
  activity(signal: AbortSignal): Promise<WikiActivity>;
}
