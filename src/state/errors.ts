import { SwitchdcError } from '../domain/errors.js';
import { type Json, canonical } from '../domain/json.js';
import { type Fence, type LockHolder, lockOwnerText } from './locks.js';

/** Certainly nothing was read or written. */
export class StoreUnavailable extends SwitchdcError {
  readonly retry = 'safe';
}

/** A write whose answer never came: it may have happened. */
export class StoreUnknown extends SwitchdcError {
  readonly retry = 'after-check';
}

export class StateConflict extends SwitchdcError {
  readonly retry = 'after-check';
  constructor(
    readonly object: string,
    readonly field: string,
    readonly expected: Json,
    readonly found: Json,
  ) {
    super(
      `${object}: ${field} is ${canonical(found)}, not ${canonical(expected)} as the change expects; nothing was written`,
    );
  }
}

export class InvalidObject extends SwitchdcError {
  readonly retry = 'never';
}

/** Certainly nothing was written. With this fence nothing will be; once the lock is had back there is another. */
export class FenceLost extends SwitchdcError {
  readonly retry = 'safe';
  constructor(
    readonly fence: Fence,
    readonly current: number,
  ) {
    super(
      `the lock ${fence.lock} was taken over (fence ${fence.number}, now ${current}); nothing was written`,
    );
  }
}

/** The lease has ended, or its owner took it over elsewhere: it cannot be made longer. Nothing was written. */
export class LeaseLost extends SwitchdcError {
  readonly retry = 'safe';
  constructor(readonly lock: string) {
    super(`the lease of the lock ${lock} is lost`);
  }
}

export class LockHeld extends SwitchdcError {
  readonly retry = 'safe';
  constructor(readonly holder: LockHolder) {
    super(
      `the lock ${holder.name} is held by ${lockOwnerText(holder.owner)}` +
        ` (renewed lease, ${Math.ceil(holder.expiresIn / 1000)} s left)`,
    );
  }
}
