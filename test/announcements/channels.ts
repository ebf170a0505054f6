import { type DeliveryKey, type Destination, destinationText } from '../../src/chat/platform.js';
import { type Message, spanText } from '../../src/chat/message.js';
import type { LookedFor, Post, Sent } from '../../src/announcements/post.js';
import type { Instant } from '../../src/domain/instant.js';

interface Line {
  readonly to: string;
  readonly key: DeliveryKey;
  readonly title: string;
  readonly text: string;
}

/**
 * Channels that keep what is said in them. `weather` is what happens to what is sent: it `arrives`, is `refused`
 * before it is sent, is `lost` or arrives while its answer is lost (`unanswered`), or the sender `breaks`.
 */
export class Channels implements Post {
  readonly lines: Line[] = [];
  weather: (to: string, key: DeliveryKey) => 'arrives' | 'refused' | 'lost' | 'unanswered' | 'breaks' = () =>
    'arrives';
  /** Called when something was sent, before the sender learns of it. */
  sent: () => void = () => undefined;
  readonly looks: string[] = [];

  constructor(readonly readable: boolean) {}

  async send(destination: Destination, message: Message, key: DeliveryKey): Promise<Sent> {
    const to = destinationText(destination);
    const weather = this.weather(to, key);
    if (weather === 'refused') return { sent: 'no', because: 'not connected' };
    if (weather === 'breaks') throw new Error('the adapter is broken');
    if (weather !== 'lost') {
      const [title = '', ...rest] = message.blocks.map((block) =>
        block.kind === 'paragraph' ? spanText(block.spans) : '',
      );
      this.lines.push({ to, key, title, text: rest.join('\n') });
    }
    this.sent();
    return weather === 'arrives'
      ? { sent: 'yes', proof: `line ${this.lines.length}` }
      : { sent: 'unknown', because: 'no answer' };
  }

  async findSent(destination: Destination, key: DeliveryKey, _since: Instant): Promise<LookedFor> {
    if (!this.readable) return { seen: 'cannot-look' };
    const index = this.lines.findIndex(
      (line) => line.key === key && line.to === destinationText(destination),
    );
    return index < 0 ? { seen: 'no' } : { seen: 'yes', proof: `line ${index + 1}` };
  }

  /** `#community: Your wiki will be in read-only soon`, of each line. */
  get titles(): string[] {
    return this.lines.map(({ to, title }) => `${to.split('/')[1] ?? ''}: ${title}`);
  }
}
