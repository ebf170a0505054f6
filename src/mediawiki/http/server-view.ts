import { z } from 'zod';
import { type DatacenterName, datacenter } from '../../domain/names.js';
import { oneLine, shorten } from '../../domain/text.js';
import type { AppServerView } from '../site.js';

/** A notice that is longer would only be meant to flood a channel. */
const LONGEST_NOTICE = 4096;

/** `meta=siteinfo&siprop=general`; https://www.mediawiki.org/wiki/API:Siteinfo, and what the farm adds to it. */
const general = z.object({
  readonly: z.boolean(),
  readonlyreason: z.string().max(LONGEST_NOTICE).optional(),
  'wmf-config': z
    .object({
      wmfDatacenter: z.string().optional(),
      wmfMasterDatacenter: z.string().nullable(),
      /** False while it goes on with the last configuration that it could read. */
      live: z.boolean().optional(),
    })
    .transform(({ wmfDatacenter: here, wmfMasterDatacenter: primary, live }) => ({ here, primary, live })),
});

/** Errors of the API come with HTTP 200. */
const refused = z.object({ error: z.object({ code: z.string() }) });

export type ServerView = AppServerView['view'] & { readonly live?: boolean };

const none = (because: string): ServerView => ({ answered: false, because });

/** What a server of `here` says of itself. Pure; never throws. */
export function parseServerView(
  text: string,
  here: DatacenterName,
  known: readonly DatacenterName[],
): ServerView {
  const answer = parseAnswer(text, z.object({ query: z.object({ general }) }));
  if ('because' in answer) return none(answer.because);
  const { readonly: isReadOnly, readonlyreason, 'wmf-config': config } = answer.value.query.general;
  if (config.here !== undefined && config.here !== here)
    return none(`it says that it is in ${quote(config.here)}`);
  if (config.primary === null) return none('it does not know which datacenter is primary');
  const primary = datacenter(config.primary);
  if (!known.includes(primary)) return none(`it takes ${quote(primary)} for the primary, which nobody knows`);
  const readOnly = isReadOnly ? readonlyreason || 'read-only, without a reason' : false;
  return { answered: true, readOnly, primary, live: config.live ?? true };
}

/** What a schema makes of an answer of the API, or why there is nothing. Pure; never throws. */
export function parseAnswer<T>(
  text: string,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly because: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { because: 'its answer is not JSON' };
  }
  const error = refused.safeParse(body);
  if (error.success) return { because: `its API answers ${quote(error.data.error.code)}` };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return { because: `its answer makes no sense: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
}

const quote = (text: string): string => `“${shorten(oneLine(text), 60)}”`;
