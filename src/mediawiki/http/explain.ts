import { z } from 'zod';
import { oneLine, shorten } from '../../domain/text.js';

/** The words of the operating system's codes that people meet here. */
const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ETIMEDOUT: 'connection timed out',
  EPIPE: 'connection closed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by nobody who is trusted; check the configured authority',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is signed by nobody who is trusted; check the configured authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is signed by nobody who is trusted; check the configured authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** What is used of anything thrown. */
const thrown = z.object({ code: z.string().optional().catch(undefined), message: z.string() });

/** Why a server gave no useful answer, in a few words on one line. Pure. */
export function explain(error: unknown): string {
  const { data } = thrown.safeParse(error);
  if (data === undefined) return 'it is not known why';
  return CODES[data.code ?? ''] ?? shorten(oneLine(data.message), 200);
}
