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
}
