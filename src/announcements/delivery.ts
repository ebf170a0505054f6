import type { DeliveryKey } from '../chat/platform.js';
import type { Instant } from '../domain/instant.js';

/** `claimed`: about to be sent, or nobody knows whether it was. */
export type DeliveryState = 'claimed' | 'sent' | 'not-sent';

/** What the ledger holds of one delivery. */
export interface Delivery {
  readonly key: DeliveryKey;
  readonly state: DeliveryState;
  /** How many times it was, or may have been, sent. */
  readonly attempt: number;
  readonly since: Instant;
  /** What the platform gave for it, once it is sent. */
  readonly proof?: string;
  /** Why it was not sent, the last time. */
  readonly because?: string;
}
