import type { PersonName, RoleName } from '../domain/names.js';
import { listed, plural } from '../domain/text.js';
import type { ApprovalPolicy } from '../runbook/approval-policy.js';

/** What is voted on: the digest names the plan that people were shown. */
export interface Ballot {
  readonly policy: ApprovalPolicy;
  readonly digest: string;
  readonly asker: PersonName;
}

/** A vote as the journal holds it, with the roles that the person had when it was cast. */
export interface CastVote {
  readonly by: { readonly person: PersonName };
  readonly roles: readonly RoleName[];
  readonly verdict: 'go' | 'nogo';
  readonly digest: string;
}

export interface Tally {
  readonly verdict: 'open' | 'go' | 'nogo';
  /** One clause for people: who has answered, or what is still missing. */
  readonly because: string;
  /** Whose GO counts, in the order in which it was given. */
  readonly counted: readonly PersonName[];
  readonly missing: { readonly approvals: number; readonly roles: readonly RoleName[] };
  /** Votes that do not count, and why. */
  readonly disregarded: readonly { readonly person: PersonName; readonly because: string }[];
}

/**
 * Counts the votes of one gate, in the order in which they were cast. The first moment at which they are a GO or a
 * NOGO settles the gate; what is cast later changes nothing. Pure and total.
 *
 * A person counts once, through whichever identity; the asker never; only holders of an answering role do; a vote on
 * another plan than the gate's does not. One NOGO that counts is enough.
 */
export function tally(ballot: Ballot, votes: readonly CastVote[]): Tally {
  const saidGo = new Map<PersonName, readonly RoleName[]>();
  const disregarded: Tally['disregarded'][number][] = [];
  for (const vote of votes) {
    if (missingOf(ballot.policy, saidGo) === undefined) break;
    const because = disregardedBecause(ballot, vote);
    if (because !== undefined) {
      disregarded.push({ person: vote.by.person, because });
      continue;
    }
    if (vote.verdict === 'nogo') {
      const missing = missingOf(ballot.policy, saidGo) ?? NOTHING;
      return {
        verdict: 'nogo',
        because: `NOGO by ${vote.by.person}`,
        counted: [...saidGo.keys()],
        missing,
        disregarded,
      };
    }
    saidGo.set(vote.by.person, vote.roles);
  }
  const counted = [...saidGo.keys()];
  const missing = missingOf(ballot.policy, saidGo);
  if (missing === undefined)
    return { verdict: 'go', because: goText(counted), counted, missing: NOTHING, disregarded };
  return {
    verdict: 'open',
    because: openText(ballot.policy, counted, missing),
    counted,
    missing,
    disregarded,
  };
}

const NOTHING: Tally['missing'] = { approvals: 0, roles: [] };

/** What the GOs so far lack; undefined once they are enough. */
function missingOf(
  policy: ApprovalPolicy,
  saidGo: ReadonlyMap<PersonName, readonly RoleName[]>,
): Tally['missing'] | undefined {
  const approvals = Math.max(0, policy.approvals - saidGo.size);
  const present = new Set([...saidGo.values()].flat());
  const roles = policy.needs.filter((role) => !present.has(role));
  return approvals === 0 && roles.length === 0 ? undefined : { approvals, roles };
}

function disregardedBecause({ policy, digest, asker }: Ballot, vote: CastVote): string | undefined {
  if (vote.by.person === asker) return 'the one who asks does not count';
  if (vote.digest !== digest) return 'it was given on another plan than the one asked about';
  if (!vote.roles.some((role) => policy.mayAnswer.includes(role)))
    return `to answer needs the role ${listed(policy.mayAnswer, 'or')}`;
  return undefined;
}

function goText(counted: readonly PersonName[]): string {
  return counted.length === 0 ? 'no approval is needed' : `GO by ${listed(counted)}`;
}

function openText(policy: ApprovalPolicy, counted: readonly PersonName[], missing: Tally['missing']): string {
  const sofar = counted.length === 0 ? '' : ` by ${listed(counted)}`;
  const roles = missing.roles.length === 0 ? '' : `; still needs a GO from ${listed(missing.roles)}`;
  return `${counted.length} of ${plural(policy.approvals, 'GO', 'GOs')}${sofar}${roles}`;
}
