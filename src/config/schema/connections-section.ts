import { z } from 'zod';
import { MINUTE, SECOND } from '../../domain/instant.js';
import { ircSection, slackSection } from './chat-connections.js';
import {
  endpoint as hostAndPort,
  length,
  line,
  list,
  matching,
  name,
  named,
  path,
  section,
  whole,
} from './fields.js';
import { datacenterName } from './installation-sections.js';
import { secretReference } from './secret-section.js';

/** How the real world is reached. Each section is read where `adapters` chooses its adapter, and only there. */

const keyPath = matching(/^(\/[A-Za-z0-9._-]+){1,10}$/, 'a path of keys, such as /conftool/v1');
const endpoint = hostAndPort('10.64.0.10:3306');
const url = z.string().refine((text) => /^https?:\/\/[^\s/]+$/.test(text) && URL.canParse(text), {
  error: 'an address such as https://10.64.0.10:443',
});
const serverName = matching(
  /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/,
  'a server’s name, such as mw1414.eqiad.wmnet',
);

const etcdSection = section({
  endpoints: list(url, 'addresses of the store, such as https://conf1007.eqiad.wmnet:2379', 1, 20),
  prefix: keyPath.default('/conftool/v1'),
  ownPrefix: keyPath.default('/switchdc/v1'),
  user: section({ name: line('a user of the store', 80), password: secretReference }).optional(),
  tls: section({ authority: path, certificate: path.optional(), key: secretReference.optional() }).optional(),
});

const hostPattern = line('host names with * and ?, such as *.codfw.wmnet', 255);

const sshSection = section({
  privateKey: secretReference.optional(),
  passphrase: secretReference.optional(),
  agent: path.optional(),
  knownHosts: list(path, 'known_hosts files', 1, 20),
  routes: list(
    section({
      hosts: hostPattern,
      user: line('a user on the hosts', 80).optional(),
      port: whole('a port', 1, 65_535).optional(),
      jump: serverName.optional(),
    }),
    'routes',
  ).default([]),
  addresses: named(serverName, line('an address', 255), 'hosts').default({}),
});

const mariadbSection = section({
  primaries: named(
    name('a database section', 's1'),
    named(datacenterName, endpoint, 'datacenters'),
    'database sections',
  ),
  knownAs: named(
    name('a database section', 's1'),
    named(datacenterName, list(endpoint, 'addresses', 1, 20), 'datacenters'),
    'database sections',
  ).default({}),
  user: line('a user of the databases', 80),
  password: secretReference,
  authority: path,
  serverName: serverName.optional(),
  notTheApplication: list(line('a user of the databases', 80), 'users').default([]),
  replication: section({ user: line('a user of the databases', 80), password: secretReference }).optional(),
});

const resolverSection = section({
  zone: serverName,
  servers: named(
    matching(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/, 'a name server, such as ns0'),
    endpoint,
    'name servers',
  ),
  clients: named(
    datacenterName,
    matching(/^[0-9A-Fa-f.:]+\/\d{1,3}$/, 'a network, such as 10.64.0.0/16'),
    'datacenters',
  ),
  excluded: list(
    section({ server: line('a name server', 253), reason: line('why it is not asked') }),
    'excluded name servers',
  ).default([]),
});

const httpSection = section({
  appServers: named(datacenterName, named(serverName, url, 'app servers'), 'datacenters'),
  host: serverName.optional(),
  path: matching(/^\/[\x21-\x7e]{0,200}$/, 'a path, such as /w/api.php').default('/w/api.php'),
  authority: path.optional(),
  timeout: length(SECOND / 10, MINUTE, '2 s').prefault('2 s'),
});

export const connectionsSection = section({
  etcd: etcdSection.optional(),
  ssh: sshSection.optional(),
  mariadb: mariadbSection.optional(),
  resolver: resolverSection.optional(),
  http: httpSection.optional(),
  irc: ircSection.optional(),
  slack: slackSection.optional(),
}).prefault({});

export type ConnectionsSection = z.output<typeof connectionsSection>;
