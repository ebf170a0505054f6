import { sleep } from '../../src/domain/clock.js';
import { SECOND, type Millis } from '../../src/domain/instant.js';
import type { Json } from '../../src/domain/json.js';
import type { DatacenterName } from '../../src/domain/names.js';
import type { Access, PrimaryName, ReplicationWanted } from '../../src/databases/databases.js';
import type { Change } from '../../src/state/store.js';
import { type TwoDatacenters, authority } from './two-datacenters.js';

/** The steps of a switchover, each alone, so that a test can take them in any order. */
export class SwitchByHand {
  readonly signal = new AbortController().signal;

  constructor(
    readonly pair: TwoDatacenters,
    readonly from: DatacenterName,
    readonly to: DatacenterName,
  ) {}

  /** Takes the lock for this write alone: a lease that is held on renews itself, and so moves a clock that jumps. */
  async replace(...changes: Change[]): Promise<void> {
    const { lease } = await this.pair.locks.acquire('test', 60 * SECOND, { installation: 'test', run: 1 });
    await this.pair.state.replace(changes, authority, lease.fence);
    await lease.release();
  }

  pass(length: Millis): Promise<void> {
    return sleep(this.pair.clock, length);
  }

  primaries(datacenter: DatacenterName): PrimaryName[] {
    return this.pair.installation.sections.map((section) => ({ section, datacenter }));
  }

  config(scope: string, name: string, from: Json, to: Json): Change {
    return { kind: 'mwconfig', tags: { scope, name }, from: { val: from }, to: { val: to } };
  }

  async setReadOnly(reason: string | false, where = [this.from, this.to]): Promise<void> {
    const facts = this.pair.world.facts();
    await this.replace(
      ...where.map((scope) => this.config(scope, 'ReadOnly', facts.readOnly[scope] ?? false, reason)),
    );
  }

  async setTtl(seconds: number): Promise<void> {
    await this.replace(...this.#records([this.from, this.to], { ttl: 300 }, { ttl: seconds }));
  }

  async pool(datacenter: DatacenterName, pooled: boolean): Promise<void> {
    await this.replace(...this.#records([datacenter], { pooled: !pooled }, { pooled }));
  }

  async setPrimary(): Promise<void> {
    await this.replace(this.config('common', 'WMFMasterDatacenter', this.from, this.to));
  }

  setReplication(datacenter: DatacenterName, to: ReplicationWanted): Promise<unknown> {
    return this.pair.databases.setReplication(this.primaries(datacenter), to, authority, 5 * SECOND);
  }

  setAccess(datacenter: DatacenterName, access: Access): Promise<unknown> {
    return this.pair.databases.setAccess(this.primaries(datacenter), access, authority, 5 * SECOND);
  }

  /** Until the new primaries have executed what the old ones wrote; false when that takes more than five seconds. */
  async inSync(): Promise<boolean> {
    const positions = await this.pair.databases.positions(this.primaries(this.from));
    const asked = positions.flatMap(({ primary, position }) =>
      position.answered ? [{ primary: { ...primary, datacenter: this.to }, position: position.value }] : [],
    );
    const answers = await this.pair.databases.reached(asked, 5 * SECOND, this.signal);
    return answers.every(({ reached }) => reached.answered && reached.value);
  }

  async drained(): Promise<void> {
    const open = async (): Promise<boolean> =>
      (await this.pair.databases.openTransactions(this.primaries(this.from))).some(
        ({ open: count }) => count.answered && count.value > 0,
      );
    while (await open()) await this.pass(150);
  }

  /** One configuration-cache lifetime. */
  async cacheLifetime(): Promise<void> {
    await this.pass(this.pair.installation.wiki.configCacheLifetime);
  }

  /** All steps in the order of the field. */
  async properly(): Promise<void> {
    await this.setTtl(10);
    await this.pass(300 * SECOND);
    await this.setReadOnly('Copy your text and try again in a few minutes.');
    await this.cacheLifetime();
    await this.drained();
    await this.setAccess(this.from, 'read-only');
    await this.inSync();
    await this.pool(this.to, true);
    await this.setPrimary();
    await this.pool(this.from, false);
    await this.cacheLifetime();
    await this.setAccess(this.to, 'read-write');
    await this.setReadOnly(false);
    await this.cacheLifetime();
  }

  #records(datacenters: DatacenterName[], from: Record<string, Json>, to: Record<string, Json>): Change[] {
    return this.pair.installation.wiki.readWriteRecords.flatMap((dnsdisc) =>
      datacenters.map((name): Change => ({ kind: 'discovery', tags: { dnsdisc, name }, from, to })),
    );
  }
}
