import { SqlError } from 'mariadb';
import { SwitchdcError, explainError } from '../../domain/errors.js';
import { oneLine, shorten } from '../../domain/text.js';

/** A server did not answer, or not what was asked; becomes the `because` of an answer. The text is for people. */
export class NoAnswer extends SwitchdcError {
  readonly retry = 'after-check';
}

/** What is told of a text that a server gave, at most. */
const LONGEST = 300;

/** A server's own text, as part of a line: it may quote what editors wrote. */
export function quoted(text: string): string {
  return shorten(oneLine(text), LONGEST);
}

/** Codes of Node's TLS and of the connector for a certificate that is not to be trusted. */
const UNTRUSTED = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ER_SELF_SIGNED',
  'ER_SELF_SIGNED_NO_PWD',
]);

/** What went wrong, from the error's code and never from its text, with what to check. */
export function explain(error: unknown, at: { host: string; port: number; user: string }): NoAnswer {
  if (error instanceof NoAnswer) return error;
  return new NoAnswer(wordsFor(error, at, said), { cause: error });
}

/**
 * The same for a statement that holds a secret. The server's words may quote it ("syntax error near …", "string … is
 * too long"), and so may the error itself: only its code is told, and it is no cause.
 */
export function explainUnquoted(error: unknown, at: Parameters<typeof explain>[1]): NoAnswer {
  if (error instanceof NoAnswer) return error;
  return new NoAnswer(wordsFor(error, at, (it) => codeOf(it) || 'for a reason that has no code'));
}

function wordsFor(
  error: unknown,
  { host, port, user }: Parameters<typeof explain>[1],
  tell: (error: unknown) => string,
): string {
  const code = codeOf(error);
  const where = `${host}:${port}`;
  if (UNTRUSTED.has(code))
    return `the certificate of ${where} is not trusted (${code}): check the authority that is configured and who signed it`;
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens on ${where}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} cannot be resolved`;
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
      return `${where} refuses the user ${user}: check the password, from where the user may connect, and whether it exists`;
    case 'ER_HOST_NOT_PRIVILEGED':
    case 'ER_HOST_IS_BLOCKED':
      return `${where} lets nobody connect from this machine (${code})`;
    case 'ER_SERVER_SSL_DISABLED':
      return `${where} offers no TLS, and nothing is sent without`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'ER_TLS_IDENTITY_ERROR':
      return `the certificate of ${where} is for another name`;
    case 'ER_CONNECTION_TIMEOUT':
      return `${where} takes no connection in time`;
    case 'ER_CON_COUNT_ERROR':
    case 'ER_USER_LIMIT_REACHED':
      return `${where} has as many connections as it allows`;
    case 'ER_SOCKET_UNEXPECTED_CLOSE':
    case 'ER_CMD_CONNECTION_CLOSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection to ${where} was lost`;
    case 'ER_SPECIFIC_ACCESS_DENIED_ERROR':
    case 'ER_TABLEACCESS_DENIED_ERROR':
    case 'ER_DBACCESS_DENIED_ERROR':
      return `the user ${user} lacks a privilege: ${tell(error)}`;
    // From a statement that looks at the time first.
    case 'ER_SIGNAL_EXCEPTION':
      return 'by its clock it was too late';
    default:
      return tell(error);
  }
}

function codeOf(error: unknown): string {
  // Not by class: it is an error of the connector, or one of Node's own for sockets, names and certificates.
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** The server's words without the statement, which the connector's own message quotes. */
function said(error: unknown): string {
  return quoted((error instanceof SqlError ? error.sqlMessage : null) ?? explainError(error));
}
