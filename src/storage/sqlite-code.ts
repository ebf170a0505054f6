/**
 * SQLite's own name of what went wrong, `SQLITE_BUSY`, or undefined for an error that is not SQLite's. Told by the code
 * alone: the class may come from another realm (Jest gives each test file one), where `instanceof` is false. Pure.
 */
export function sqliteCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
