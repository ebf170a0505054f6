import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabGround } from '../lab-ground.js';
import type { ServerProcess } from '../server-process.js';
import { type LabInspircd, SERVICES } from './inspircd.js';
import { IrcClient } from './irc-client.js';

export interface IrcAccount {
  readonly name: string;
  readonly password: string;
}

/** The accounts of a network. Without them its server offers no login. */
export interface IrcServices {
  readonly server: ServerProcess;
  /** Whether people can log in now: after a restart of the IRC server they link again. */
  isLinked(): Promise<boolean>;
  /** Makes an account; `certificate`: the lab's client certificate lets its owner in as well. */
  register(account: IrcAccount, by?: 'password' | 'certificate'): Promise<void>;
}

/** Starts Anope, linked to a server; takes some four seconds. */
export async function openServices(ground: LabGround, ircd: LabInspircd): Promise<IrcServices> {
  const folder = ground.folderFor(`anope-${ircd.port}`);
  ground.folderFor(`anope-${ircd.port}`, 'db', 'backups');
  ground.folderFor(`anope-${ircd.port}`, 'logs');
  writeFileSync(path.join(folder, 'services.conf'), servicesConf(ircd.linkPort));
  const isLinked = async (): Promise<boolean> => {
    await using client = await IrcClient.open({ port: ircd.port, nick: 'linkwatch' });
    client.write('WHOIS NickServ');
    return / 311 /.test(await client.sees(/ (311|401) /, 5_000));
  };
  const server = await ground.start({
    name: 'anope',
    command: 'anope',
    args: [
      ...['--nofork', `--confdir=${folder}`, `--dbdir=${path.join(folder, 'db')}`],
      ...[`--logdir=${path.join(folder, 'logs')}`, '--modulesdir=/usr/lib/anope', '--config=services.conf'],
    ],
    cwd: folder,
    log: path.join(folder, 'anope.log'),
    within: 30_000,
    ready: isLinked,
  });
  return {
    server,
    isLinked,
    async register({ name, password }, by = 'password') {
      const { authority, client: certificate } = ircd.certificates;
      await using client = await IrcClient.open(
        by === 'password'
          ? { port: ircd.port, nick: name }
          : { port: ircd.tlsPort, nick: name, tls: { authority, client: certificate } },
      );
      client.says('NickServ', `REGISTER ${password} ${name}@lab.test`);
      await client.sees(/ NOTICE .*registered/i);
      if (by === 'password') return;
      client.says('NickServ', 'CERT ADD');
      await client.sees(/ NOTICE .*(added|certificate list)/i);
    },
  };
}

type Settings = Readonly<Record<string, string | number>>;

function servicesConf(linkPort: number): string {
  const block = (name: string, settings: Settings): string =>
    [`${name} {`, ...Object.entries(settings).map(([key, value]) => `  ${key} = ${shown(value)}`), '}'].join(
      '\n',
    );
  const command = (name: string, does: string): string =>
    block('command', { service: 'NickServ', name, command: does });
  return [
    block('uplink', {
      host: '127.0.0.1',
      ipv6: 'no',
      ssl: 'no',
      port: linkPort,
      password: SERVICES.password,
    }),
    block('serverinfo', {
      name: SERVICES.name,
      description: 'services',
      pid: 'services.pid',
      motd: 'services.motd',
    }),
    block('module', { name: 'inspircd3' }),
    block('networkinfo', {
      ...{ networkname: 'LabNet', nicklen: 30, userlen: 10, hostlen: 64, chanlen: 64, modelistsize: 100 },
      ...{ vhost_chars: 'abcdefghijklmnopqrstuvwxyz0123456789.-', nick_chars: '' },
    }),
    block('options', {
      ...{
        casemap: 'ascii',
        strictpasswords: 'no',
        badpasslimit: 0,
        badpasstimeout: '1h',
        updatetimeout: '10s',
      },
      ...{
        expiretimeout: '30m',
        readtimeout: '1s',
        warningtimeout: '4h',
        timeoutcheck: '1s',
        retrywait: '1s',
        seed: 7,
      },
      ...{ hideprivilegedcommands: 'no' },
    }),
    block('module', {
      name: 'db_flatfile',
      database: 'anope.db',
      keepbackups: 1,
      nobackupokay: 'yes',
      fork: 'no',
    }),
    block('module', { name: 'enc_sha256' }),
    block('service', { nick: 'NickServ', user: 'services', host: SERVICES.name, gecos: 'NickServ' }),
    block('module', {
      ...{ name: 'nickserv', client: 'NickServ', killquick: '20s', kill: '60s', enforceruser: 'enforcer' },
      ...{
        enforcerhost: SERVICES.name,
        releasetimeout: '1m',
        guestnickprefix: 'Guest',
        defaults: 'ns_private',
      },
    }),
    ...[
      block('module', { name: 'ns_register', registration: 'none' }),
      command('REGISTER', 'nickserv/register'),
      block('module', { name: 'ns_identify' }),
      command('IDENTIFY', 'nickserv/identify'),
      block('module', { name: 'ns_recover', restoreonrecover: 'yes' }),
      command('RECOVER', 'nickserv/recover'),
      block('module', { name: 'ns_logout' }),
      command('LOGOUT', 'nickserv/logout'),
      block('module', { name: 'ns_cert', max: 5 }),
      command('CERT', 'nickserv/cert'),
    ],
    block('module', { name: 'm_sasl' }),
    '',
  ].join('\n');
}

const shown = (value: string | number): string =>
  typeof value === 'number' || /^(yes|no|\d+[smh])$/.test(value) ? String(value) : `"${value}"`;
