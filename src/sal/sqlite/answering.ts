import { sqliteCode } from '../../storage/sqlite-code.js';
import { SalUnavailable } from '../errors.js';

/** The answer of the database, which gives it at once, as a promise; what SQLite throws becomes SalUnavailable. */
export async function answering<T>(ask: () => T): Promise<T> {
  try {
    return ask();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === undefined) throw error;
    throw new SalUnavailable(`the log cannot be used (${code})`, { cause: error });
  }
}
