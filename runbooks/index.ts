import type { Runbook } from '../src/runbook/runbook.js';
import { type MediaWikiRunbookParts, mediawikiRunbook } from './mediawiki/index.js';

export interface RunbookParts {
  readonly mediawiki: MediaWikiRunbookParts;
}

/** Every runbook there is; a new one is a folder beside mediawiki/ and a line here. */
export function allRunbooks(parts: RunbookParts): readonly Runbook[] {
  return [mediawikiRunbook(parts.mediawiki)];
}
