import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Lab } from '../../lab/lab.js';

/** What is in the stores of a lab, on its name servers and on its hosts. */
export interface LabSnapshot {
  /** Of the store: it counts every write. */
  readonly revision: string;
  /** By key, base64: every value there is. */
  readonly keys: Readonly<Record<string, string>>;
  readonly leases: number;
  /** By server: whether it can be written, and from where and how it replicates. */
  readonly databases: Readonly<Record<string, object>>;
  /** By file: what the name servers go by. */
  readonly names: Readonly<Record<string, string>>;
  /** By file: what is on the hosts, apart from logs. It tells every process that was started or ended. */
  readonly hosts: Readonly<Record<string, string>>;
}

export async function snapshot(lab: Lab): Promise<LabSnapshot> {
  const endpoint = lab.etcd.endpoints[0] ?? '';
  const everything = Buffer.from('\0').toString('base64');
  const post = async (where: string, body: object): Promise<unknown> =>
    (await fetch(`${endpoint}${where}`, { method: 'POST', body: JSON.stringify(body) })).json();
  const [store, leases, databases, names, ...hosts] = await Promise.all([
    post('/v3/kv/range', { key: everything, range_end: everything }),
    post('/v3/lease/leases', {}),
    Promise.all(lab.databases.servers.map(async (server) => databaseOf(server))),
    Promise.all(lab.dns.servers.map(({ states }) => filesBelow(states))),
    ...['hosts', 'shared'].map((folder) => filesBelow(lab.ground.folderFor(folder))),
  ]);
  const { header, kvs = [] } = store as {
    header: { revision: string };
    kvs?: { key: string; value: string }[];
  };
  return {
    revision: header.revision,
    keys: Object.fromEntries(kvs.map(({ key, value }) => [key, value])),
    leases: ((leases as { leases?: unknown[] }).leases ?? []).length,
    databases: Object.fromEntries(databases),
    names: Object.assign({}, ...names) as Record<string, string>,
    hosts: Object.assign({}, ...hosts) as Record<string, string>,
  };
}

/** What is to be as before once everything was taken back: processes may be others, and caches are warmer. Pure. */
export function lasting({ keys, databases, names, hosts }: LabSnapshot): object {
  const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
  const objects = Object.entries(keys)
    .map(([key, value]) => [text(key), text(value)] as const)
    .filter(([key]) => key.startsWith('/conftool/v1/'))
    .map(([key, value]) => [key, JSON.parse(value) as unknown]);
  const files = Object.entries(hosts).flatMap(([file, content]) => {
    if (content === '' || file.includes('/shared/caches')) return [];
    if (file.endsWith('.pid')) return [[file, 'a process']];
    if (!file.endsWith('.connected')) return [[file, content]];
    // Left by a process that has ended, it stands for nothing any more.
    return content === hosts[file.replace(/connected$/, 'pid')] ? [[file, 'that process']] : [];
  });
  return {
    objects: Object.fromEntries(objects) as object,
    databases,
    names,
    hosts: Object.fromEntries(files) as object,
  };
}

type Server = Lab['databases']['servers'][number];

async function databaseOf(server: Server): Promise<[string, object]> {
  const { section, datacenter } = server.primary;
  const [access] = await server.sql('SELECT @@GLOBAL.read_only AS locked, @@GLOBAL.gtid_domain_id AS domain');
  const [replica] = await server.sql('SHOW SLAVE STATUS');
  const replication = ['Master_Host', 'Master_Port', 'Slave_IO_Running', 'Slave_SQL_Running', 'Using_Gtid'];
  return [
    `${section}.${datacenter}`,
    { ...access, ...Object.fromEntries(replication.map((name) => [name, replica?.[name]])) },
  ];
}

/** What the maintenance scripts of a lab note while they edit, which they do all the time. */
const NOTES = 'maintenance-edits.jsonl';

async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.log') && entry.name !== NOTES)
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)),
  );
}

/** Every statement that an account sends to the databases of a lab while something goes on. */
export class StatementLog {
  private constructor(private readonly lab: Lab) {}

  static async begin(lab: Lab): Promise<StatementLog> {
    for (const server of lab.databases.servers) {
      await server.sql("SET GLOBAL log_output='TABLE'");
      await server.sql('TRUNCATE mysql.general_log');
      await server.sql('SET GLOBAL general_log=1');
    }
    return new StatementLog(lab);
  }

  async end(user: string): Promise<string[]> {
    const found: string[] = [];
    for (const server of this.lab.databases.servers) {
      await server.sql('SET GLOBAL general_log=0');
      const rows = await server.sql(
        `SELECT DISTINCT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log
          WHERE user_host LIKE ? AND command_type NOT IN ('Connect', 'Quit')`,
        [`${user}[%`],
      );
      found.push(...rows.map(({ text }) => String(text)));
    }
    return found;
  }
}
