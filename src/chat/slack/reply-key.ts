import type { DeliveryKey } from '../platform.js';

const PREFIX = 'reply/slack/';

/** The key of the answer to a line, by the line's id. */
export const replyKey = (id: string): DeliveryKey => `${PREFIX}${id}`;

/** The id of the line that is answered under this key; undefined for what is no answer. Pure. */
export function answeredId(key: DeliveryKey): string | undefined {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
}
