import type { ICompare } from 'etcd3';
import type { Fence } from '../locks.js';
import type { EtcdKeys } from './etcd-keys.js';

/** What a transaction compares: the lock was last taken with this fence, and that lease still lives. Pure. */
export function fenceHolds(keys: EtcdKeys, { lock, number }: Fence): ICompare[] {
  return [
    { key: keys.taken(lock), target: 'Mod', result: 'Equal', mod_revision: number },
    { key: keys.lock(lock), target: 'Version', result: 'Greater', version: 0 },
  ];
}
