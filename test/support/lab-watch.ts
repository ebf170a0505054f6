import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.js';
import type { Edit } from '../../lab/wiki/edit.js';
import { coreDatacenters } from '../../src/domain/installation.js';
import { instant } from '../../src/domain/instant.js';
import type { DatacenterName, SectionName } from '../../src/domain/names.js';
import type { Recorded } from '../../src/runner/journal.js';
import type { WorldFacts } from '../../src/simulation/world-facts.js';
import { judge, type SeenFacts } from './full-law.js';
import {
  type DatabaseSeen,
  databaseObserver,
  type SiteSeen,
  siteObserver,
  type Span,
  type StoreSeen,
  storeObserver,
} from './lab-observers.js';

/** Between two looks at the same thing, in milliseconds. */
const EVERY = 50;

interface DatabaseSeries {
  readonly section: SectionName;
  readonly datacenter: DatacenterName;
  readonly seen: DatabaseSeen[];
}

/**
 * Watches a lab from outside, over connections of its own: every 50 ms what the store says and whether each database can
 * be written, and all the time what one app server after the other shows. Afterwards everything that was seen is held
 * against the law of the world.
 */
export class LabWatch implements AsyncDisposable {
  readonly store: StoreSeen[] = [];
  readonly databases: DatabaseSeries[] = [];
  readonly site: SiteSeen[] = [];
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[] = [];
  readonly #datacenters: readonly DatacenterName[];
  readonly #primary: DatacenterName;

  /** `primary`: the datacenter that is primary when the watch begins; where the lab has it at first unless told. */
  constructor(lab: Lab, primary: DatacenterName = lab.settings.primary) {
    this.#primary = primary;
    this.#datacenters = coreDatacenters(lab.settings.installation);
    this.#watch(storeObserver(lab), this.store);
    this.#watch(siteObserver(lab), this.site);
    for (const server of lab.databases.servers) {
      const observer = databaseObserver(server);
      const seen: DatabaseSeen[] = [];
      this.databases.push({ ...server.primary, seen });
      this.#watch(() => observer.look(), seen, observer.close);
    }
  }

  /** What may not have been so, by what the journal says of the runs; and by what editors were told, where given. */
  async breaches(entries: readonly Recorded[], edits: readonly Edit[] = []): Promise<string[]> {
    await this.stop();
    return judge(this.#primary, entries, this.#facts(edits));
  }

  /** The longest time, in milliseconds, between two looks at the store, or at any one database. */
  longestGap(): number {
    const gaps = [this.store, ...this.databases.map(({ seen }) => seen)].flatMap((seen) =>
      seen.map(({ at }, index) => at - (seen[index - 1]?.at ?? at)),
    );
    return Math.max(...gaps);
  }

  /** Ends when every look that was begun has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #watch<T>(look: () => Promise<T | undefined>, into: T[], close?: () => void): void {
    const { signal } = this.#stop;
    const loop = async (): Promise<void> => {
      while (!signal.aborted) {
        const next = performance.now() + EVERY;
        const seen = await look();
        if (seen !== undefined) into.push(seen);
        await sleep(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
      }
      close?.();
    };
    this.#loops.push(loop());
  }

  /** Each look by itself: what it does not tell is put so that the law has nothing to say of it. In order of time. */
  #facts(edits: readonly Edit[]): SeenFacts[] {
    const facts = [
      ...this.store.map((seen) =>
        this.#fact(seen, 'the store', {
          primary: seen.primary as DatacenterName,
          readOnly: seen.readOnly,
          pooled: seen.pooled,
        }),
      ),
      ...this.site.map((seen) => this.#shown(seen, seen.server, seen.datacenter, seen.readOnly)),
      ...edits.flatMap(({ outcome, datacenter, server, sentAt, answeredAt }) =>
        outcome.kind === 'refused'
          ? [
              this.#shown(
                { since: sentAt, at: answeredAt },
                `an edit at ${server}`,
                datacenter as DatacenterName,
                outcome.reason,
              ),
            ]
          : [],
      ),
      ...this.databases.flatMap((series) => this.#accessFacts(series)),
    ];
    return facts.sort((one, other) => one.at - other.at);
  }

  #accessFacts({ section, datacenter, seen }: DatabaseSeries): SeenFacts[] {
    const partner = this.databases.find(
      (other) => other.section === section && other.datacenter !== datacenter,
    );
    return seen.map((look) => {
      const isWritable = look.state === 'writable';
      const other =
        partner !== undefined && isWritable && writableAround(partner.seen, look) ? partner : undefined;
      const unknown = [
        ...(look.state === 'down' ? [datacenter] : []),
        ...(partner === undefined || other !== undefined ? [] : [partner.datacenter]),
      ];
      return this.#fact(look, `a look at ${section}.${datacenter}`, {
        writable: { [section]: [...(isWritable ? [datacenter] : []), ...(other ? [other.datacenter] : [])] },
        down: { [section]: unknown },
      });
    });
  }

  #shown(span: Span, by: string, datacenter: DatacenterName, readOnly: string | false): SeenFacts {
    return this.#fact(span, by, { readOnly: { ...this.#editable(), [datacenter]: readOnly } });
  }

  #fact({ since, at }: Span, because: string, known: Partial<WorldFacts>): SeenFacts {
    const nothing = {
      primary: this.#primary,
      readOnly: this.#editable(),
      writable: {},
      down: {},
      pooled: {},
    };
    // The journal counts whole milliseconds.
    return { ...nothing, ...known, because, since: instant(Math.floor(since)), at: instant(Math.ceil(at)) };
  }

  #editable(): Record<string, false> {
    return Object.fromEntries(this.#datacenters.map((dc) => [dc, false]));
  }
}

/** Writable when last seen before a look, and when first seen after it: so in between as well. Pure. */
export function writableAround(seen: readonly DatabaseSeen[], look: Span): boolean {
  const before = seen.findLast(({ at }) => at <= look.since);
  const after = seen.find(({ since }) => since >= look.at);
  return before?.state === 'writable' && after?.state === 'writable';
}
