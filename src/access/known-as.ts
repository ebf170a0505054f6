import type { PersonName } from '../domain/names.js';
import type { Directory } from './directory.js';

/** What people are called on a platform, so that a mention reaches them; undefined for who is not there. */
export interface KnownAs {
  /** The services account. */
  ircAccountOf(name: PersonName): string | undefined;
  /** The user id, in this team where several are known and one is named. */
  slackUserOf(name: PersonName, team?: string): string | undefined;
}

/** Pure over the directory. */
export function knownAs({ personNamed }: Pick<Directory, 'personNamed'>): KnownAs {
  return {
    ircAccountOf(name) {
      const found = personNamed(name)?.identities.find(({ kind }) => kind === 'irc');
      return found?.kind === 'irc' ? found.account : undefined;
    },
    slackUserOf(name, team) {
      for (const identity of personNamed(name)?.identities ?? [])
        if (identity.kind === 'slack' && (team === undefined || identity.team === team)) return identity.user;
      return undefined;
    },
  };
}
