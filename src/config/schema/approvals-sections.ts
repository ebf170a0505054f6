import { DAY, MINUTE } from '../../domain/instant.js';
import { length, list, section, whole } from './fields.js';
import { roleName } from './people-sections.js';

function policySection(approvals: number, least: number) {
  return section({
    approvals: whole('how many people must say GO, the one who asks not counted', least, 20).default(
      approvals,
    ),
    mayAnswer: list(roleName, 'roles', 1, 50).optional(),
    needs: list(roleName, 'roles', 0, 20).default([]),
    expiresAfter: length(MINUTE, DAY, '30 min').prefault('30 min'),
  }).prefault({});
}

/** What approves the request for a run. A run that touches the primary is never one person's decision. */
export const approvalsSection = section({
  live: policySection(2, 1),
  'live-test': policySection(1, 0),
  'dry-run': policySection(0, 0),
  emergency: policySection(1, 1),
}).prefault({});

/** Before which phases of the switchover a GO is asked for; from phase 2 on nothing waits until people can edit again. */
export const gatesSection = section({ '1': policySection(1, 1), '2': policySection(1, 1) }).prefault({});
