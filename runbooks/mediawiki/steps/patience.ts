import { type Millis, MINUTE, SECOND } from '../../../src/domain/instant.js';
import type { Installation } from '../../../src/domain/installation.js';
import type { Patience } from '../../../src/runbook/task.js';

/**
 * Inside the read-only window every look costs people their edits, so it is looked again quickly; but not faster than
 * every 100 ms, because information_schema.innodb_trx then returns one frozen snapshot for ever.
 */
const FAST: Millis = 150;

/** DNS servers are asked in a millisecond, and follow at one moment: it is looked for more closely. */
const CLOSELY: Millis = 50;

/** For phases 2 to 7: quick looks, and a person is called after `upTo`. */
export const urgent = (upTo: Millis): Patience => ({ every: FAST, upTo });

/** For what authoritative DNS servers have to follow, in phases 2 to 7. */
export const untilDnsFollows: Patience = { every: CLOSELY, upTo: 30 * SECOND };

/** For what app servers have to notice: their configuration cache, twice, and a margin for a slow answer. */
export const untilCachesExpire = ({ wiki }: Installation): Patience =>
  urgent(2 * wiki.configCacheLifetime + 10 * SECOND);

/** Outside the window: a look every second. */
export const calm = (upTo: Millis = MINUTE): Patience => ({ every: SECOND, upTo });
