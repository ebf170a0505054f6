/**
 * Puts messages into Slack: in lanes, within its limits, as rich text, each with the key of its delivery.
 *
 * An alarm waits for nothing of ours. Answers and questions wait for each other, so that they stay in order; all the
 * rest waits for its turn in its channel. What a run tells is posted after an outage too, in its order.
 */
import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import type { Message } from '../message.js';
import type { DeliveryKey } from '../platform.js';
import type { Calls, Lane } from './calls.js';
import { DELIVERY_EVENT, findDelivery } from './find-sent.js';
import type { Pace } from './pace.js';
import type { Part } from './render.js';
import { isTold, untilThere } from './until-there.js';

export interface Post {
  readonly channel: string;
  readonly thread: string | undefined;
  readonly broadcast: boolean;
  readonly message: Message;
  readonly key: DeliveryKey;
}

export interface PosterParts {
  readonly calls: Calls;
  readonly pace: Pace;
  readonly render: (message: Message, channel: string) => readonly Part[];
  readonly clock: Clock;
  readonly closed: AbortSignal;
}

export interface Poster {
  /** Resolves with the time stamp of the first part, which is its id. */
  post(post: Post): Promise<string>;
}

const postedSchema = z.object({ ts: z.string() });

/** What a person waits for. Pure. */
export function laneOf({ tone, blocks }: Message, key: DeliveryKey): Lane {
  const isAsked = blocks.some(({ kind }) => kind === 'choices');
  return tone === 'alarm' || isAsked || key.startsWith('reply/') ? 'urgent' : 'calm';
}

/** Neither parsed for names nor unfolded into previews. */
const AS_IT_IS = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;

export function openPoster({ calls, pace, render, clock, closed }: PosterParts): Poster {
  const last = new Map<string, Promise<unknown>>();

  const postPart = async (
    lane: Lane,
    post: Post,
    part: Part,
    index: number,
    thread?: string,
  ): Promise<string> => {
    if (lane === 'calm') await pace.turn(post.channel);
    else pace.urgent(post.channel);
    const answer = await calls.call(lane, 'chat.postMessage', {
      channel: post.channel,
      text: part.text,
      blocks: part.blocks,
      ...AS_IT_IS,
      metadata: { event_type: DELIVERY_EVENT, event_payload: { key: post.key, part: index + 1 } },
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...(thread !== undefined && post.broadcast && index === 0 ? { reply_broadcast: true } : {}),
    });
    return postedSchema.parse(answer).ts;
  };

  const postAll = async (lane: Lane, post: Post): Promise<string> => {
    const [first, ...others] = render(post.message, post.channel);
    if (first === undefined) throw new RangeError('a message is made of one part at least');
    const ts = await postPart(lane, post, first, 0, post.thread);
    for (const [index, part] of others.entries())
      await postPart(lane, post, part, index + 1, post.thread ?? ts);
    return ts;
  };

  const postSurely = (lane: Lane, post: Post): Promise<string> => {
    if (!isTold(post.key)) return postAll(lane, post);
    const since = clock.now();
    return untilThere({
      ...{ clock, closed },
      post: () => postAll(lane, post),
      find: () => findDelivery(calls, post, post.key, since),
    });
  };

  return {
    post(post) {
      const lane = laneOf(post.message, post.key);
      if (post.message.tone === 'alarm') return postSurely(lane, post);
      // What may wait for an outage to end holds up nothing else.
      const place = `${lane} ${isTold(post.key) ? 'told' : 'said'} ${post.channel}`;
      const posted = (last.get(place) ?? Promise.resolve()).then(() => postSurely(lane, post));
      const settled = posted.catch(() => undefined);
      last.set(place, settled);
      void settled.then(() => {
        if (last.get(place) === settled) last.delete(place);
      });
      return posted;
    },
  };
}
