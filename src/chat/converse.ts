import type { ChatPlatform, IncomingMessage } from './platform.js';
import type { Router } from './router.js';

export interface Conversation {
  readonly platform: ChatPlatform;
  readonly router: Pick<Router, 'route'>;
  /**
   * How many messages are answered at the same time. 1 where each must be answered before the next is read; more where
   * a slow answer must not hold up somebody's NOGO.
   */
  readonly atOnce: number;
  /** Told when an answer could not be sent; the conversation goes on. */
  readonly notDelivered: (incoming: IncomingMessage, error: unknown) => void;
}

/**
 * Answers what people say on one platform until the signal, or until the platform has no more to read. Resolves when
 * the last answer is out.
 */
export async function converse(
  { platform, router, atOnce, notDelivered }: Conversation,
  signal: AbortSignal,
): Promise<void> {
  const open = new Set<Promise<void>>();
  const answer = async (incoming: IncomingMessage): Promise<void> => {
    const reply = await router.route(incoming);
    try {
      if (reply !== undefined)
        await platform.send(incoming.from, reply.message, `reply/${platform.name}/${incoming.id}`);
      platform.handled?.(incoming);
    } catch (error) {
      notDelivered(incoming, error);
    }
  };
  for await (const incoming of platform.incoming(signal)) {
    const answering = answer(incoming).finally(() => open.delete(answering));
    open.add(answering);
    if (open.size >= atOnce) await Promise.race(open);
  }
  await Promise.all(open);
}
