import { z } from 'zod';
import { coreDatacenters, type Installation } from '../../src/domain/installation.js';
import { type Instant, isoSeconds, parseInstant } from '../../src/domain/instant.js';
import type { Json } from '../../src/domain/json.js';
import {
  type DatacenterName,
  type TrackerTask,
  datacenter,
  parseTrackerTask,
} from '../../src/domain/names.js';
import { closest } from '../../src/domain/suggest.js';
import { listed, oneLine, shorten } from '../../src/domain/text.js';
import type { ParamsResult } from '../../src/runbook/runbook.js';
import type { TaskId } from '../../src/runbook/task.js';

/** `merged`: the proof of phase 4 is shared with that of phase 7, which saves one lifetime of configuration caches. */
export type Order = 'strict' | 'merged';

/** What a MediaWiki switchover is asked for with. A type and not an interface, so that it is plain data for a journal. */
export type MediaWikiParams = {
  readonly from: DatacenterName;
  readonly to: DatacenterName;
  readonly task?: TrackerTask;
  /** What editors are told. */
  readonly roReason: string;
  readonly order: Order;
  /** These tasks alone. */
  readonly only?: readonly TaskId[];
  /** The calendar event that the run belongs to, `2026-northward`. */
  readonly event?: string;
  /** ISO 8601; phase 2 does not begin earlier. */
  readonly notBefore?: string;
  readonly emergency: boolean;
};

export interface ParamsContext {
  readonly installation: Installation;
  /** Every task of the runbook, in order. */
  readonly taskIds: readonly TaskId[];
  /** When the wiki is announced to become read-only at an event; undefined for an event that does not exist. */
  readonly notBeforeOf: (event: string) => Instant | undefined;
}

/** The store refuses texts beyond 2,000 characters, and a rehearsal's mark comes in front. */
const LONGEST_REASON = 1_000;

const ORDERS: readonly Order[] = ['strict', 'merged'];

const shape = z.strictObject({
  from: z.string(),
  to: z.string(),
  task: z.string().optional(),
  roReason: z.string().optional(),
  order: z.string().optional(),
  only: z.array(z.string()).max(100).optional(),
  event: z.string().optional(),
  notBefore: z.string().optional(),
  emergency: z.boolean().optional(),
});

/** Every refusal says what would be needed. Pure, but for the calendar that it asks. */
export function parseParams(raw: Json, context: ParamsContext): ParamsResult<MediaWikiParams> {
  const shaped = shape.safeParse(raw);
  if (!shaped.success) return refuseShape(shaped.error);
  const given = shaped.data;
  const { installation } = context;
  const names = coreDatacenters(installation);
  for (const name of [given.from, given.to])
    if (!names.includes(datacenter(name))) return unknown(name, 'a core datacenter', names);
  if (given.from === given.to)
    return refusal(`from and to are both ${given.from}`, `two different datacenters: ${listed(names)}`);

  const task = given.task === undefined ? undefined : parseTrackerTask(given.task);
  if (given.task !== undefined && task === undefined)
    return refusal(`${quoted(given.task)} is not a task of the tracker`, 'T and a number, such as T12345');

  const order = ORDERS.find((one) => one === (given.order ?? 'strict'));
  if (order === undefined) return unknown(given.order ?? '', 'an order', ORDERS);

  const roReason = oneLine(given.roReason ?? installation.wiki.readOnlyReason);
  if (roReason === '' || roReason.length > LONGEST_REASON)
    return refusal(
      roReason === ''
        ? 'the read-only reason is empty'
        : `the read-only reason has ${roReason.length} characters`,
      `1 to ${LONGEST_REASON} characters: editors read it instead of being able to save`,
    );

  const only = given.only === undefined ? undefined : [...new Set(given.only)];
  if (only?.length === 0)
    return refusal('--only names no task', 'the ids of one or more tasks, such as 00-reduce-ttl');
  const stranger = only?.find((id) => !context.taskIds.includes(id));
  if (stranger !== undefined) return unknown(stranger, 'a task of this runbook', context.taskIds);

  const start = startOf(given, context);
  if (!start.ok) return start;
  return {
    ok: true,
    params: {
      from: datacenter(given.from),
      to: datacenter(given.to),
      ...(task === undefined ? {} : { task }),
      roReason,
      order,
      ...(only === undefined ? {} : { only }),
      ...(given.event === undefined ? {} : { event: given.event }),
      ...(start.params === undefined ? {} : { notBefore: start.params }),
      emergency: given.emergency ?? false,
    },
  };
}

/** What has been recorded once is kept: an event that is moved later does not move a run that was approved for it. */
function startOf(
  given: { readonly event?: string | undefined; readonly notBefore?: string | undefined },
  { notBeforeOf }: ParamsContext,
): ParamsResult<string | undefined> {
  if (given.notBefore !== undefined) {
    if (parseInstant(given.notBefore) !== undefined) return { ok: true, params: given.notBefore };
    return refusal(
      `${quoted(given.notBefore)} is not an instant`,
      'a date and time with its zone, such as 2026-03-25T14:00:00Z',
    );
  }
  if (given.event === undefined) return { ok: true, params: undefined };
  const at = notBeforeOf(given.event);
  if (at !== undefined) return { ok: true, params: isoSeconds(at) };
  return refusal(
    `the calendar has no event ${quoted(given.event)}`,
    'a year and a season, such as 2026-northward',
  );
}

function refuseShape(error: z.ZodError): ParamsResult<never> {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys')
    return unknown(issue.keys[0] ?? '', 'a parameter of this runbook', Object.keys(shape.shape));
  const where = issue?.path.join('.') ?? '';
  return refusal(
    `${where === '' ? 'the parameters' : where}: ${issue?.message ?? 'cannot be read'}`,
    'at least from and to, the two core datacenters',
  );
}

function unknown(typed: string, what: string, names: readonly string[]): ParamsResult<never> {
  const meant = closest(typed, names);
  const choice = names.length <= 12 ? `one of ${names.join(', ')}` : what;
  return refusal(
    `${quoted(typed)} is not ${what}`,
    meant === undefined ? choice : `${choice}; did you mean ${meant}?`,
  );
}

const refusal = (problem: string, needed: string): ParamsResult<never> => ({ ok: false, problem, needed });

const quoted = (text: string): string => `"${shorten(oneLine(text), 60)}"`;
