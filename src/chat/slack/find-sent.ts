import { z } from 'zod';
import { type Instant, SECOND } from '../../domain/instant.js';
import type { DeliveryKey } from '../platform.js';
import type { Calls } from './calls.js';

/** How the key of a delivery stands in the metadata of a message. */
export const DELIVERY_EVENT = 'switchdc_delivery';

const pageSchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional()
        .catch(undefined),
      bot_id: z.string().optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().default('') }).optional(),
});

/** Slack's clock and ours need not agree to the second. */
const CLOCKS_APART = 60 * SECOND;

export interface Where {
  readonly channel: string;
  /** The first message of the thread to look in; undefined for the channel itself. */
  readonly thread: string | undefined;
}

/**
 * The time stamp of the message that carries this key, looked for from `since` on. Anybody may write metadata, so only
 * messages of a bot count. Reads.
 */
export async function findDelivery(
  calls: Calls,
  { channel, thread }: Where,
  key: DeliveryKey,
  since: Instant,
): Promise<string | undefined> {
  const oldest = String(Math.max(0, since - CLOCKS_APART) / SECOND);
  const where = thread === undefined ? { channel } : { channel, ts: thread };
  const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
  for (let cursor: string | undefined; cursor !== '';) {
    const answer = await calls.call('urgent', method, {
      ...where,
      oldest,
      limit: 200,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const page = pageSchema.parse(answer);
    const found = page.messages.find(
      ({ metadata, bot_id: bot }) =>
        bot !== undefined &&
        metadata?.event_type === DELIVERY_EVENT &&
        metadata.event_payload['key'] === key &&
        metadata.event_payload['part'] === 1,
    );
    if (found !== undefined) return found.ts;
    cursor = page.response_metadata?.next_cursor ?? '';
  }
  return undefined;
}
