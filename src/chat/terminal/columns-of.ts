const DEFAULT_COLUMNS = 80;

/** Columns of a terminal; one that does not know its size says 0 (a serial line, `docker exec`, `script`). */
export function columnsOf(output: { readonly columns?: number }): number {
  return output.columns || DEFAULT_COLUMNS;
}
