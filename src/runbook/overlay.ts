import type { Json } from '../domain/json.js';
import type { Access, DatabaseReader } from '../databases/databases.js';
import type { DnsReader } from '../dns/dns.js';
import type { HostReader } from '../hosts/hosts.js';
import type { SiteReader } from '../mediawiki/site.js';
import type { StateReader } from '../state/store.js';
import { type PlannedChange, accessObject, hostObject, stateObject } from './planned-change.js';
import type { TaskId } from './task.js';
import type { Readers, Recalled } from './world.js';

/**
 * What the world would be if earlier planned changes had been made. Values that can be laid over (objects, accesses,
 * host facts) are read through it; what cannot (DNS answers, what a wiki says, a command's output, positions) is really
 * asked, and `touched` tells that an answer may depend on a change that was not really made.
 */
export class Overlay {
  readonly #values = new Map<string, Json>();
  readonly #recalled = new Map<TaskId, Json>();

  lay(task: TaskId, before: Json, changes: readonly PlannedChange[]): void {
    if (!this.#recalled.has(task)) this.#recalled.set(task, before);
    for (const { object, to } of changes) this.#values.set(object, to);
  }

  /** Pure reads of what was laid; `undefined` where nothing was. */
  value(object: string): Json | undefined {
    return this.#values.get(object);
  }

  recall(task: TaskId): Recalled | undefined {
    const before = this.#recalled.get(task);
    return before === undefined ? undefined : { before };
  }

  get changed(): boolean {
    return this.#values.size > 0;
  }
}

export interface OverlaidReaders {
  readonly readers: Readers;
  /** Whether something was asked whose answer an overlaid change would have altered. */
  touched(): boolean;
}

/** Readers over a world and what is laid over it; one per step, so that `touched` speaks of that step alone. */
export function overlayReaders(under: Readers, overlay: Overlay): OverlaidReaders {
  let touched = false;
  const touch = (): void => {
    touched ||= overlay.changed;
  };
  const readers: Readers = {
    state: overlaidState(under.state, overlay),
    databases: overlaidDatabases(under.databases, overlay, touch),
    dns: touchingDns(under.dns, touch),
    site: touchingSite(under.site, touch),
    hosts: overlaidHosts(under.hosts, overlay, touch),
    signal: under.signal,
    now: () => under.now(),
    // What was laid over has not been done, whatever the journal of a dry run says.
    recall: (task) => overlay.recall(task) ?? under.recall(task),
  };
  return { readers, touched: () => touched };
}

function overlaidState(under: StateReader, overlay: Overlay): StateReader {
  return {
    async select(kind, where) {
      const objects = await under.select(kind, where);
      return objects.map((object) => {
        const fields = Object.entries(object.fields).map(([field, value]) => {
          const laid = overlay.value(stateObject(kind, object.tags, field));
          return [field, laid === undefined ? value : laid];
        });
        return { ...object, fields: Object.fromEntries(fields) as typeof object.fields };
      });
    },
    watch: (kind, where, signal) => under.watch(kind, where, signal),
  };
}

function overlaidDatabases(under: DatabaseReader, overlay: Overlay, touch: () => void): DatabaseReader {
  return {
    async access(of) {
      const answers = await under.access(of);
      return answers.map((answer) => {
        const laid = overlay.value(accessObject(answer.primary));
        return laid === undefined
          ? answer
          : { primary: answer.primary, access: { answered: true, value: laid as Access } };
      });
    },
    positions(of) {
      touch();
      return under.positions(of);
    },
    reached(of, _within, signal) {
      touch();
      // What would be waited for in earnest is only looked at.
      return under.reached(of, 0, signal);
    },
    replication: (of) => under.replication(of),
    heartbeats: (of, writtenIn) => {
      touch();
      return under.heartbeats(of, writtenIn);
    },
    openTransactions(of) {
      touch();
      return under.openTransactions(of);
    },
  };
}

function touchingDns(under: DnsReader, touch: () => void): DnsReader {
  return {
    get excluded() {
      return under.excluded;
    },
    ask(records, clientsIn, signal) {
      touch();
      return under.ask(records, clientsIn, signal);
    },
    addressOf: (record, datacenter) => under.addressOf(record, datacenter),
  };
}

function touchingSite(under: SiteReader, touch: () => void): SiteReader {
  return {
    views(of, signal) {
      touch();
      return under.views(of, signal);
    },
    activity(signal) {
      touch();
      return under.activity(signal);
    },
  };
}

function overlaidHosts(under: HostReader, overlay: Overlay, touch: () => void): HostReader {
  return {
    find: (query) => under.find(query),
    async ask(query, command, signal) {
      const results = await under.ask(query, command, signal);
      const { fact } = command;
      if (fact === undefined) {
        touch();
        return results;
      }
      return results.map((result) => {
        const laid = overlay.value(hostObject(result.host, fact));
        if (typeof laid !== 'string') return result;
        return { host: result.host, outcome: { kind: 'exited', code: 0, ok: true, output: laid } };
      });
    },
  };
}
