import type { DeliveryKey, Destination } from '../chat/platform.js';
import type { Message } from '../chat/message.js';
import type { Instant } from '../domain/instant.js';

/** How a sending came out: for certain, or not. `proof` is what the platform gave for it. */
export type Sent =
  | { readonly sent: 'yes'; readonly proof: string }
  | { readonly sent: 'no'; readonly because: string }
  | { readonly sent: 'unknown'; readonly because: string };

/** What a channel that can be read back says about a delivery. */
export type LookedFor =
  | { readonly seen: 'yes'; readonly proof: string }
  | { readonly seen: 'no' }
  | { readonly seen: 'cannot-look' };

/** What takes announcements to the platforms. Outcomes are values; what is thrown is taken for an unknown outcome. */
export interface Post {
  send(to: Destination, message: Message, key: DeliveryKey): Promise<Sent>;
  /** Reads the channel where the platform can: whether the delivery is there, sent at `since` or later. */
  findSent(to: Destination, key: DeliveryKey, since: Instant): Promise<LookedFor>;
}
