/**
 * What was told to whom, with proof: so that each thing is told once to each destination through restarts, and so
 * that there is a list of who has not been told.
 *
 * Invariants: what a method did is on disk before it resolves; what was confirmed stays so; only what is certainly not
 * sent can be claimed afresh. A process that dies between sending and confirming leaves the outcome unknown, and the
 * ledger says that, whoever asks.
 * What it does not do: send anything, or decide what an unknown outcome is worth.
 */
import type { DeliveryKey } from '../chat/platform.js';
import type { Instant } from '../domain/instant.js';
import type { Delivery } from './delivery.js';

export interface Claim {
  /**
   * `claimed`: yours, send it. `already-done`: it is there. `unknown`: claimed before, and nobody knows whether it was
   * sent: look, then `confirm`, or `again` and send it once more.
   */
  readonly state: 'claimed' | 'already-done' | 'unknown';
  /** How many times it was, or may have been, sent, with this claim. */
  readonly attempt: number;
  /** When it was first claimed: not sent before that. */
  readonly since: Instant;
}

/** Every method throws LedgerUnavailable when the ledger cannot be used. */
export interface DeliveryLedger {
  /** Writes, before it is sent. */
  claim(key: DeliveryKey, at: Instant): Promise<Claim>;
  /** Writes: it was sent. `proof` is what the platform gave for it. Throws LedgerContradiction unless it is claimed. */
  confirm(key: DeliveryKey, proof: string): Promise<void>;
  /**
   * Writes: it is certain that the latest sending did not happen. It may be claimed afresh, unless an earlier one is
   * of unknown outcome: then the delivery is, as before. Also for what was never claimed, when it is too late for it.
   * Throws LedgerContradiction when it was sent.
   */
  notSent(key: DeliveryKey, because: string, at: Instant): Promise<void>;
  /** Writes: its outcome is unknown and it is about to be sent once more. Throws LedgerContradiction unless it is claimed. */
  again(key: DeliveryKey): Promise<{ readonly attempt: number }>;
  /** Writes, the first time it is called: when the ledger began. What was due before that was nobody's to tell. */
  began(at: Instant): Promise<Instant>;
  /** Reads: what the ledger holds under keys that begin like this, in the order of their latest claim. */
  deliveries(prefix: string): Promise<Delivery[]>;
}
