import type { PersonName, RoleName } from '../domain/names.js';
import type { Directory } from './directory.js';
import { type Ballot, type CastVote, tally } from './tally.js';

/**
 * Whose answer an open question still needs: the holders of the roles that are missing, or, where only the number is,
 * everybody who may answer and has not. Never the one who asks, nor who has said GO. In the order of the configuration,
 * each once. Pure.
 */
export function whoIsMissing(
  ballot: Ballot,
  votes: readonly CastVote[],
  { holdersOf }: Pick<Directory, 'holdersOf'>,
): readonly PersonName[] {
  const { verdict, missing, counted } = tally(ballot, votes);
  if (verdict !== 'open') return [];
  const roles: readonly RoleName[] = missing.roles.length > 0 ? missing.roles : ballot.policy.mayAnswer;
  const names = roles.flatMap((role) => holdersOf(role).map(({ name }) => name));
  return [...new Set(names)].filter((name) => name !== ballot.asker && !counted.includes(name));
}
