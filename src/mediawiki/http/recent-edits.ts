import { z } from 'zod';
import { MINUTE, instant, parseInstant, plus } from '../../domain/instant.js';
import type { WikiActivity } from '../site.js';
import { parseAnswer } from './server-view.js';

const change = z.object({ revid: z.number(), timestamp: z.string() });

const schema = z.object({
  curtimestamp: z.string(),
  query: z.object({
    allrevisions: z.array(z.object({ revisions: z.array(change) })),
    recentchanges: z.array(change),
  }),
});

/** The newest revisions, and the newest recent changes; 500 is the most that a visitor gets. */
export const RECENT_EDITS = {
  action: 'query',
  list: 'allrevisions|recentchanges',
  arvprop: 'ids|timestamp',
  arvlimit: '500',
  rcprop: 'ids|timestamp',
  rctype: 'edit|new',
  rclimit: '500',
  curtimestamp: '1',
} as const;

/**
 * Edits of the last minute by the clock of the wiki; where there are more than 500, 500. The recent changes are a table
 * of their own, filled after the edit was saved. Pure; never throws.
 */
export function parseRecentEdits(text: string): WikiActivity | { readonly because: string } {
  const answer = parseAnswer(text, schema);
  if ('because' in answer) return answer;
  const { curtimestamp, query } = answer.value;
  const now = parseInstant(curtimestamp);
  if (now === undefined) return { because: 'it does not know what time it is' };
  const since = plus(now, -MINUTE);
  const saved = query.allrevisions
    .flatMap(({ revisions }) => revisions)
    .filter(({ timestamp }) => (parseInstant(timestamp) ?? instant(0)) >= since)
    .map(({ revid }) => revid);
  const listed = new Set(query.recentchanges.map(({ revid }) => revid));
  return { edits: saved.length, recentChanges: saved.filter((id) => listed.has(id)).length };
}
