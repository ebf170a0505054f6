import { type Connection, type ConnectionConfig, createConnection } from 'mariadb';

/** A row as the server gives it; numbers are numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** A connection whose loss is nobody's error: in a lab servers are killed. */
export async function connectTo(config: ConnectionConfig): Promise<Connection> {
  const connection = await createConnection({
    ...config,
    connectTimeout: 5_000,
    bigIntAsNumber: true,
    insertIdAsNumber: true,
    checkNumberRange: true,
  });
  connection.on('error', () => undefined);
  return connection;
}
