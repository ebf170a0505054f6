import ssh2, { type AnyAuthMethod } from 'ssh2';
import { BadSshOptions } from './errors.js';
import type { SshCredentials } from './ssh-options.js';

/** The one way to log in as a user. Nothing else is tried: each try costs a round trip and counts against the limit. */
export type LogInAs = (user: string) => AnyAuthMethod[];

/** Reads the private key once for all connections (a passphrase costs time). Throws BadSshOptions without its text. */
export function readCredentials(credentials: SshCredentials): LogInAs {
  if ('agentSocket' in credentials)
    return (username) => [{ type: 'agent', username, agent: credentials.agentSocket }];
  const { privateKey, passphrase } = credentials;
  const key = ssh2.utils.parseKey(privateKey, passphrase?.reveal());
  // The library's own words could quote what it has read.
  if (key instanceof Error || !key.isPrivateKey())
    throw new BadSshOptions(
      `the private key for SSH cannot be read: no private key, or ${passphrase === undefined ? 'it needs a passphrase' : 'the passphrase is wrong'}`,
    );
  return (username) => [{ type: 'publickey', username, key }];
}
