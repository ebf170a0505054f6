import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of PEM files. */
export interface EtcdCertificates {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

/** An authority of the cluster's own, with a certificate for its members (localhost) and one for its clients. */
export async function etcdCertificates(folder: string): Promise<EtcdCertificates> {
  const file = (name: string): string => path.join(folder, name);
  const authority = { certificate: file('authority.crt'), key: file('authority.key') };
  await openssl([
    ...['req', '-x509', '-days', '30', '-subj', '/CN=lab authority', ...newKey(authority.key)],
    ...['-out', authority.certificate],
  ]);
  const signed = async (name: string, extensions: string) => {
    const [certificate, key, request] = [file(`${name}.crt`), file(`${name}.key`), file(`${name}.csr`)];
    const extensionFile = file(`${name}.ext`);
    writeFileSync(extensionFile, extensions);
    await openssl(['req', '-new', '-subj', `/CN=lab ${name}`, ...newKey(key), '-out', request]);
    await openssl([
      ...['x509', '-req', '-days', '30', '-in', request, '-out', certificate, '-extfile', extensionFile],
      ...['-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial'],
      ...['-CAserial', file(`${name}.serial`)],
    ]);
    return { certificate, key };
  };
  const [server, client] = await Promise.all([
    // A member's gateway is a client of the member itself, with the same certificate.
    signed(
      'server',
      'subjectAltName = DNS:localhost, IP:127.0.0.1\nextendedKeyUsage = serverAuth, clientAuth\n',
    ),
    signed('client', 'extendedKeyUsage = clientAuth\n'),
  ]);
  return { authority: authority.certificate, server, client };
}

const newKey = (file: string): string[] => [
  ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file],
];

async function openssl(args: readonly string[]): Promise<void> {
  await run('openssl', [...args], { timeout: 10_000 });
}
