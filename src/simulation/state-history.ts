import type { Instant } from '../domain/instant.js';
import type { Fields, KindName, Tags } from '../state/store.js';

/** One change of the state store, as the world's servers will see it sooner or later. */
export interface StateChange {
  readonly revision: number;
  readonly at: Instant;
  readonly kind: KindName;
  readonly tags: Tags;
  /** All of the object's fields from then on. */
  readonly fields: Fields;
}

/** What the world follows: the store's history in the order in which it was written. Reads only. */
export interface StateHistory {
  /** The newest revision; asked at every look at the world, so it must be cheap. */
  revision(): number;
  after(revision: number): readonly StateChange[];
}
