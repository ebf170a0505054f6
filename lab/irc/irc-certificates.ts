import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of PEM files; the client's are read, because a chat takes them as text. */
export interface IrcCertificates {
  readonly authorityFile: string;
  /** The authority itself, PEM. */
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

/** An authority of the lab's own, a certificate for the server (irc.lab.test and this machine) and one for a client. */
export async function ircCertificates(folder: string): Promise<IrcCertificates> {
  const file = (name: string): string => path.join(folder, name);
  await openssl([
    ...['req', '-x509', '-days', '30', '-subj', '/CN=lab IRC authority', ...newKey(file('authority.key'))],
    ...['-out', file('authority.crt')],
  ]);
  await signed(file, 'server', 'subjectAltName = DNS:irc.lab.test, DNS:localhost, IP:127.0.0.1\n');
  await signed(file, 'client', 'extendedKeyUsage = clientAuth\n');
  return {
    authorityFile: file('authority.crt'),
    authority: readFileSync(file('authority.crt'), 'utf8'),
    server: { certificate: file('server.crt'), key: file('server.key') },
    client: {
      certificate: readFileSync(file('client.crt'), 'utf8'),
      key: readFileSync(file('client.key'), 'utf8'),
    },
  };
}

async function signed(file: (name: string) => string, name: string, extensions: string): Promise<void> {
  writeFileSync(file(`${name}.ext`), extensions);
  await openssl([
    'req',
    '-new',
    '-subj',
    `/CN=lab ${name}`,
    ...newKey(file(`${name}.key`)),
    '-out',
    file(`${name}.csr`),
  ]);
  await openssl([
    ...['x509', '-req', '-days', '30', '-in', file(`${name}.csr`), '-out', file(`${name}.crt`)],
    ...['-extfile', file(`${name}.ext`), '-CA', file('authority.crt'), '-CAkey', file('authority.key')],
    ...['-CAcreateserial', '-CAserial', file(`${name}.serial`)],
  ]);
}

const newKey = (file: string): string[] => [
  ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file],
];

async function openssl(args: readonly string[]): Promise<void> {
  await run('openssl', [...args], { timeout: 10_000 });
}
