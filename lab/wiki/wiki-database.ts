import { randomBytes } from 'node:crypto';
import type { Program } from './run-program.js';

/** A database of MediaWiki and the user who may do everything in it. */
export interface WikiDatabase {
  /** `host:port` */
  readonly address: string;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** Where databases are made: `sql` runs a statement with every right. */
export interface DatabaseServer {
  readonly address: string;
  readonly sql: (statement: string) => Promise<unknown>;
}

/** An empty database. Its user can also see how far behind a replica is, which MediaWiki looks at. */
export async function createDatabase({ address, sql }: DatabaseServer, name: string): Promise<WikiDatabase> {
  const password = randomBytes(12).toString('hex');
  await sql(`CREATE DATABASE ${name}`);
  await sql(`CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`);
  await sql(`GRANT ALL ON ${name}.* TO ${name}@'%'`);
  await sql(`GRANT REPLICATION CLIENT, SLAVE MONITOR, BINLOG MONITOR ON *.* TO ${name}@'%'`);
  return { address, name, user: name, password };
}

/** Lends an empty database for as long as it is used. */
export async function withEmptyDatabase<T>(
  server: DatabaseServer,
  use: (database: WikiDatabase) => Promise<T>,
): Promise<T> {
  const database = await createDatabase(server, `template_${randomBytes(4).toString('hex')}`);
  try {
    return await use(database);
  } finally {
    await server.sql(`DROP DATABASE ${database.name}`);
    await server.sql(`DROP USER ${database.user}@'%'`);
  }
}

/** A client of a database (`mariadb`, `mariadb-dump`); its password goes where no list of processes shows it. */
export function databaseClient(
  command: string,
  { address, name, user, password }: WikiDatabase,
  args: readonly string[] = [],
): Program {
  const { hostname, port } = new URL(`tcp://${address}`);
  const where = ['--no-defaults', '--protocol=tcp', `--host=${hostname}`, `--port=${port}`, `--user=${user}`];
  return { command, args: [...where, ...args, name], env: { MYSQL_PWD: password } };
}
