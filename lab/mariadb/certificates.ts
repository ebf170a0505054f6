import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Certificates {
  /** The authority that signed the servers' certificate: its own, as text and as a file. */
  readonly authority: string;
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of the lab's own and one certificate for all its servers, good for the addresses that are given. */
export async function makeCertificates(folder: string, addresses: readonly string[]): Promise<Certificates> {
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: readonly (readonly string[])[]) => promisify(execFile)('openssl', args.flat());
  await openssl(
    ['req', '-x509', ...KEY, '-keyout', file('ca.key'), '-out', file('ca.crt')],
    ['-days', '30', '-subj', '/CN=lab authority', '-addext', 'keyUsage=critical,keyCertSign'],
  );
  await openssl(
    ['req', '-x509', ...KEY, '-keyout', file('server.key'), '-out', file('server.crt')],
    ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-days', '30', '-subj', '/CN=lab database'],
    ['-addext', 'basicConstraints=critical,CA:FALSE'],
    ['-addext', `subjectAltName=${addresses.map((address) => `IP:${address}`).join(',')}`],
  );
  return {
    authority: readFileSync(file('ca.crt'), 'utf8'),
    authorityFile: file('ca.crt'),
    certificateFile: file('server.crt'),
    keyFile: file('server.key'),
  };
}
