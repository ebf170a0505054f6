import { z } from 'zod';
import { ImpossibleState } from '../../domain/errors.js';
import { instant } from '../../domain/instant.js';
import { type SalEntry, parseSourceKey } from '../entry.js';
import type { SalMessage } from '../message.js';

/** The columns of an entry, for a SELECT. */
export const SAL_COLUMNS = 'e.id, e.at, e.author, e.project, e.message, e.source';

const salRow = z.object({
  id: z.number().int(),
  at: z.number().int().transform(instant),
  author: z.string(),
  project: z.string(),
  message: z.string().transform((text) => text as SalMessage),
  source: z.string().transform(parseSourceKey),
});

/** A row as the entry that it holds; throws ImpossibleState for one that this program cannot have written. */
export function entryOfRow(row: unknown): SalEntry {
  const parsed = salRow.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new ImpossibleState('a row of the log is damaged', { cause: parsed.error });
}
