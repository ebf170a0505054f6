import type { Post } from '../announcements/post.js';
import { NotSent } from '../chat/errors.js';
import type { ChatPlatform, Destination } from '../chat/platform.js';
import { explainError } from '../domain/errors.js';

/** Takes announcements to the platform of their destination. */
export function postOf(platforms: readonly ChatPlatform[]): Post {
  const platformOf = (to: Destination): ChatPlatform | undefined =>
    platforms.find(({ name }) => name === to.platform);
  return {
    async send(to, message, key) {
      const platform = platformOf(to);
      if (platform === undefined) return { sent: 'no', because: `${to.platform} is not connected` };
      try {
        const ref = await platform.send(to, message, key);
        return { sent: 'yes', proof: ref.id };
      } catch (error) {
        const because = explainError(error);
        return error instanceof NotSent ? { sent: 'no', because } : { sent: 'unknown', because };
      }
    },
    async findSent(to, key, since) {
      const platform = platformOf(to);
      if (platform === undefined || !platform.limits.readback) return { seen: 'cannot-look' };
      const ref = await platform.findSent(to, key, since);
      return ref === undefined ? { seen: 'no' } : { seen: 'yes', proof: ref.id };
    },
  };
}
