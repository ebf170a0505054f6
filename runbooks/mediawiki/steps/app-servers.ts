import type { Installation } from '../../../src/domain/installation.js';
import { type Instant, plus } from '../../../src/domain/instant.js';
import type { DatacenterName } from '../../../src/domain/names.js';
import type { AppServerView } from '../../../src/mediawiki/site.js';
import { type Evidence, type Finding, holds, notYet } from '../../../src/runbook/finding.js';
import type { Readers } from '../../../src/runbook/world.js';

export type Answered = AppServerView['view'] & { readonly answered: true };

export interface Expected {
  readonly of: readonly DatacenterName[];
  /** What each server shall say, for people: `primary is codfw`. */
  readonly expected: string;
  /** What this server says, and whether that is it. */
  readonly says: (view: Answered) => { readonly seen: string; readonly asExpected: boolean };
  /** When what they shall follow was written, at the latest. */
  readonly since: Instant;
}

/**
 * Whether every app server of these datacenters says what it should, each asked by its address: a sample of ten misses
 * one stale server in twenty most of the time. Where the number of servers is not known, the whole lifetime of their
 * configuration cache has to pass as well, because a server that was not asked may still have the old one.
 */
export async function everyAppServer(
  see: Readers,
  installation: Installation,
  expected: Expected,
): Promise<Finding> {
  const views = await see.site.views(expected.of, see.signal);
  const wrong = views.flatMap((view) => deviation(view, expected));
  const { appServers, configCacheLifetime } = installation.wiki;
  const seen: Evidence[] = [];
  let unknownNumber = false;
  for (const dc of expected.of) {
    const answers = new Set(views.filter((view) => view.datacenter === dc).map((view) => view.server)).size;
    const known = appServers[dc];
    const about = `app servers of ${dc}`;
    unknownNumber ||= known === undefined;
    if (known === undefined ? answers === 0 : answers !== known)
      wrong.push({
        about,
        seen: `${answers} asked`,
        expected: known === undefined ? 'at least one' : `${known}`,
      });
    else seen.push({ about, seen: `${answers} of ${known ?? 'an unknown number'}: ${expected.expected}` });
  }
  if (wrong.length > 0) return notYet(wrong);
  const expiry = plus(expected.since, configCacheLifetime);
  if (unknownNumber && see.now() < expiry)
    return notYet(
      [
        {
          about: 'app servers',
          seen: 'their number is not known, so their whole cache lifetime is waited for',
        },
      ],
      expiry,
    );
  return holds(seen);
}

function deviation({ server, view }: AppServerView, { expected, says }: Expected): Evidence[] {
  if (!view.answered) return [{ about: server, seen: `no answer: ${view.because}`, expected }];
  const { seen, asExpected } = says(view);
  return asExpected ? [] : [{ about: server, seen, expected }];
}

/** Whether they show this notice to an editor; `false`: whether editing is possible. */
export const showReadOnly =
  (notice: string | false) =>
  (view: Answered): { seen: string; asExpected: boolean } => ({
    seen: view.readOnly === false ? 'read-write' : `read-only: ${view.readOnly}`,
    asExpected: view.readOnly === notice,
  });
