import type { Capability } from '../access/capability.js';
import { type Role, rolesThatMay } from '../access/role.js';
import { role } from '../domain/names.js';
import type { ApprovalPolicy, RollCall } from '../runbook/approval-policy.js';
import type { ConfigFile } from './schema/config-file.js';

/** Where nothing else is said, every role that gives the capability may answer. Pure. */
export function policyOf(
  { approvals, mayAnswer, needs, expiresAfter }: ConfigFile['approvals']['live'],
  roles: readonly Role[],
  capability: Capability,
  rollCall?: RollCall,
): ApprovalPolicy {
  return {
    approvals,
    mayAnswer: mayAnswer?.map(role) ?? rolesThatMay(roles, capability),
    needs: needs.map(role),
    expiresAfter,
    ...(rollCall === undefined ? {} : { rollCall }),
  };
}
