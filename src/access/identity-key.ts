import { type Identity, identityText } from './person.js';

/**
 * One spelling for one identity: two identities are the same when, and only when, their keys are. Pure.
 *
 * IRC services take account names case-insensitively: `Alice` and `alice` cannot both be registered. Only A–Z is
 * folded. Folding more, as Unicode does (the Kelvin sign becomes `k`) or as RFC 1459 does (`[` equals `{`), would make
 * one identity out of accounts that some services keep apart, and so let somebody register a name that matches.
 */
export function identityKey(identity: Identity): string {
  if (identity.kind !== 'irc') return identityText(identity);
  return identityText({
    ...identity,
    account: identity.account.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  });
}
