import { z } from 'zod';

/** Something for us that Slack delivered, as it is kept until it has been handled. Plain data. */
export const heardSchema = z.object({
  /** The same for every delivery of the same thing: `C1/1700000000.000100`, `slash/…`, `click/…`. */
  id: z.string(),
  /** Slack's own id of this delivery: of the event, the trigger, or the envelope. */
  delivery: z.string(),
  how: z.enum(['message', 'slash', 'click']),
  channel: z.string(),
  /** Where an answer goes: the first message of its thread; undefined for the channel itself. */
  thread: z.string().optional(),
  user: z.string(),
  /** The workspace that the user belongs to. */
  team: z.string(),
  /** The line, as it would be typed in a channel. */
  text: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Good for some minutes, for answers where the bot is not in the channel. */
  responseUrl: z.string().optional(),
});

export type Heard = z.infer<typeof heardSchema>;
