import type { Millis } from '../domain/instant.js';
import type { RoleName } from '../domain/names.js';

/** What a gate needs before it opens. Data from configuration. */
export interface ApprovalPolicy {
  /** How many different people must say GO. The person who asked never counts. */
  readonly approvals: number;
  /** Who may answer: holders of any of these roles. */
  readonly mayAnswer: readonly RoleName[];
  /** Roles of which each must be among those who said GO. */
  readonly needs: readonly RoleName[];
  readonly expiresAfter: Millis;
  /** Left out: nobody is reminded. */
  readonly rollCall?: RollCall;
}

/** How long a question is open before it is put once more, each time louder. */
export interface RollCall {
  /** It is said again, with who is missing. */
  readonly remindAfter: Millis;
  /** Those who are missing are called by name. */
  readonly mentionAfter: Millis;
  /** Each of them is spoken to alone. */
  readonly directAfter: Millis;
}
