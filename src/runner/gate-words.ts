import { listed } from '../domain/text.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';
import type { Gate } from './run-state.js';

/** `2 GO from anyone with the role approver or dba, among them a dba`: what a policy asks for, for people. */
export function needsText(policy: ApprovalPolicy): string {
  const from =
    policy.mayAnswer.length === 0
      ? 'somebody else'
      : `anyone with the role ${listed(policy.mayAnswer, 'or')}`;
  const needs =
    policy.needs.length === 0 ? '' : `, among them ${listed(policy.needs.map((name) => `a ${name}`))}`;
  return `${policy.approvals} GO from ${from}${needs}`;
}

export function gateTitle(gate: Gate): string {
  switch (gate.for.kind) {
    case 'request':
      return 'the request';
    case 'phase':
      return `GO/NOGO for phase ${gate.for.phase}`;
    case 'skip':
      return `skipping ${gate.for.task}`;
  }
}
