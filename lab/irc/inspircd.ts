import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabGround } from '../lab-ground.js';
import type { ServerProcess } from '../server-process.js';
import { type IrcCertificates, ircCertificates } from './irc-certificates.js';
import { answersIrc } from './answers-irc.js';

export interface InspircdOptions {
  /** Commands that a client may send at once, and then each second, before the server holds it up. Wide unless told. */
  readonly flood?: { readonly threshold: number; readonly perSecond: number };
  /** Silence after which the server asks a client whether it is there, in seconds; 60 unless told. */
  readonly pingEvery?: number;
}

/** An IRC server with accounts, once its services run. */
export interface LabInspircd {
  readonly port: number;
  readonly tlsPort: number;
  /** Where services link. */
  readonly linkPort: number;
  readonly certificates: IrcCertificates;
  readonly server: ServerProcess;
  /** The name and password of an operator of the server: `OPER lab lab`. */
  readonly operator: { readonly name: string; readonly password: string };
}

/** As what services link; and with what. */
export const SERVICES = { name: 'services.lab.test', password: 'the-link-of-the-lab' };

const OPERATOR = { name: 'lab', password: 'the-operator-of-the-lab' };

const MODULES = [
  ...['ssl_gnutls', 'cap', 'ircv3', 'ircv3_accounttag', 'ircv3_batch', 'ircv3_capnotify', 'ircv3_chghost'],
  ...['ircv3_ctctags', 'ircv3_echomessage', 'ircv3_labeledresponse', 'ircv3_msgid', 'ircv3_servertime'],
  ...[
    'services_account',
    'sasl',
    'spanningtree',
    'hidechans',
    'namesx',
    'uhnames',
    'sslinfo',
    'cban',
    'blockcolor',
    'sajoin',
    'samode',
    'sapart',
  ],
];

/** Starts InspIRCd on two ports for people, one of them with TLS, and one for services. */
export async function openInspircd(ground: LabGround, options: InspircdOptions = {}): Promise<LabInspircd> {
  const [port, tlsPort, linkPort] = [
    await ground.ports.next(),
    await ground.ports.next(),
    await ground.ports.next(),
  ];
  const folder = ground.folderFor(`inspircd-${port}`);
  const certificates = await ircCertificates(folder);
  const { threshold, perSecond } = options.flood ?? { threshold: 1_000, perSecond: 1_000 };
  const file = path.join(folder, 'inspircd.conf');
  writeFileSync(
    file,
    [
      '<server name="irc.lab.test" description="lab" network="LabNet" id="00A">',
      '<admin name="lab" nick="lab" email="lab@lab.test">',
      `<path configdir="${folder}" datadir="${folder}" logdir="${folder}" runtimedir="${folder}">`,
      `<bind address="127.0.0.1" port="${port}" type="clients">`,
      `<bind address="127.0.0.1" port="${tlsPort}" type="clients" sslprofile="lab">`,
      `<bind address="127.0.0.1" port="${linkPort}" type="servers">`,
      `<sslprofile name="lab" provider="gnutls" certfile="${certificates.server.certificate}" keyfile="${certificates.server.key}" cafile="${certificates.authorityFile}" requestclientcert="yes" hash="sha256">`,
      `<connect name="main" allow="*" timeout="20" pingfreq="${options.pingEvery ?? 60}" hardsendq="1M" softsendq="64K" recvq="64K" threshold="${threshold}" commandrate="${perSecond * 1_000}" fakelag="yes" localmax="500" globalmax="500" useident="no" resolvehostnames="no">`,
      '<class name="all" commands="*" privs="*" usermodes="*" chanmodes="*"> <type name="all" classes="all">',
      `<oper name="${OPERATOR.name}" password="${OPERATOR.password}" host="*@*" type="all">`,
      '<options defaultmodes="not" casemapping="ascii"> <limits maxnick="30" maxchan="64">',
      `<pid file="${folder}/inspircd.pid"> <log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${folder}/ircd.log">`,
      ...MODULES.map((name) => `<module name="${name}">`),
      `<sasl target="${SERVICES.name}"> <uline server="${SERVICES.name}" silent="yes">`,
      `<link name="${SERVICES.name}" ipaddr="127.0.0.1" port="${linkPort}" allowmask="127.0.0.0/8" sendpass="${SERVICES.password}" recvpass="${SERVICES.password}">`,
      '',
    ].join('\n'),
  );
  const server = await ground.start({
    name: 'inspircd',
    command: 'inspircd',
    cwd: folder,
    args: [`--config=${file}`, '--nofork', ...(process.getuid?.() === 0 ? ['--runasroot'] : [])],
    log: path.join(folder, 'inspircd.log'),
    ready: () => answersIrc(port),
    // Told to end, 3.15 crashes at its very last step, once ssl_gnutls is unloaded: core files and nothing else.
    stopSignal: 'SIGKILL',
  });
  return { port, tlsPort, linkPort, certificates, server, operator: OPERATOR };
}
