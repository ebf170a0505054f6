import type { PersonName, RoleName } from '../domain/names.js';

/** What a chat or the machine vouches for. Never a nick, a display name or a host name. */
export type Identity =
  | { readonly kind: 'irc'; readonly account: string }
  | { readonly kind: 'slack'; readonly team: string; readonly user: string }
  | { readonly kind: 'unix'; readonly user: string }
  /** Somebody spoken for with `/as NAME`: only where nothing real can be touched. */
  | { readonly kind: 'practice'; readonly name: string };

export interface Person {
  readonly name: PersonName;
  readonly roles: readonly RoleName[];
  readonly identities: readonly Identity[];
  /** A trusted program that relays what others did: it is never answered. */
  readonly isBot?: true;
}

/** `irc:alice`, `slack:T1/U2`, `unix:root`, `practice:alice`: how an identity is written in the journal. */
export function identityText(identity: Identity): string {
  switch (identity.kind) {
    case 'irc':
      return `irc:${identity.account}`;
    case 'slack':
      return `slack:${identity.team}/${identity.user}`;
    case 'unix':
      return `unix:${identity.user}`;
    case 'practice':
      return `practice:${identity.name}`;
  }
}
