/**
 * Who is answered how often. Each person has an allowance of their own, and another one for what writes: nobody is kept
 * from a NOGO by questions that came before. All strangers together share one, since a name costs them nothing; a
 * stranger who asks for what they may not have gets one polite line, once.
 *
 * Remembered by the process alone, and never more than a certain amount.
 */
import { identityKey } from '../access/identity-key.js';
import type { Person } from '../access/person.js';
import type { Clock } from '../domain/clock.js';
import { type Instant, MINUTE } from '../domain/instant.js';
import type { Reply } from './command.js';
import { message, paragraph } from './message.js';
import type { IncomingMessage } from './platform.js';

/** So many lines at once after a pause, and so many in a minute then. */
export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

export interface Rates {
  readonly people: Rate;
  readonly strangers: Rate;
}

/** A line for us, before it is looked into. */
export interface Line {
  readonly incoming: IncomingMessage;
  readonly person: Person | undefined;
  /** Whether it asks for something that writes. */
  readonly writes: boolean;
}

export interface Courtesy {
  /** Whether a line is looked into at all; a reply instead where somebody is told, once, to slow down. */
  admit(line: Line): 'yes' | 'silence' | Reply;
  /** What is really said of a reply; undefined for nothing. */
  polite(line: Line, reply: Reply): Reply | undefined;
}

export interface CourtesyParts {
  readonly clock: Clock;
  readonly rates: Rates;
}

/** Strangers that are remembered; the one that was heard first is forgotten first. */
const MOST_STRANGERS = 10_000;

export function openCourtesy({ clock, rates }: CourtesyParts): Courtesy {
  const buckets = new Map<string, Bucket>();
  const strangers = new Bucket(rates.strangers, clock.now());
  const greeted = new Set<string>();
  const bucketOf = (key: string): Bucket => {
    const known = buckets.get(key) ?? new Bucket(rates.people, clock.now());
    buckets.set(key, known);
    return known;
  };
  return {
    admit({ person, writes }) {
      const now = clock.now();
      if (person === undefined) return strangers.take(now) ? 'yes' : 'silence';
      const bucket = bucketOf(`${writes ? 'writes' : 'reads'}/${person.name}`);
      if (bucket.take(now)) return 'yes';
      return bucket.isToBeTold() ? slowDown(rates.people) : 'silence';
    },
    polite({ incoming, person }, reply) {
      if (person?.isBot === true) return undefined;
      if (person !== undefined || reply.status === 'ok') return reply;
      const key = strangerKey(incoming);
      if (greeted.has(key)) return undefined;
      const [oldest] = greeted;
      if (greeted.size >= MOST_STRANGERS && oldest !== undefined) greeted.delete(oldest);
      greeted.add(key);
      return onlyLook(reply);
    },
  };
}

/** Tokens that come back with time, never more than the burst. */
class Bucket {
  #tokens: number;
  #told = false;

  constructor(
    private readonly rate: Rate,
    private at: Instant,
  ) {
    this.#tokens = rate.burst;
  }

  take(now: Instant): boolean {
    const back = ((now - this.at) / MINUTE) * this.rate.perMinute;
    this.#tokens = Math.min(this.rate.burst, this.#tokens + back);
    this.at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    // Only a real pause ends the silence: a line that just got through does not.
    if (this.#tokens >= this.rate.burst / 2) this.#told = false;
    return true;
  }

  /** Once for each time that it has run dry. */
  isToBeTold(): boolean {
    const isFirst = !this.#told;
    this.#told = true;
    return isFirst;
  }
}

/** For manners only: what a stranger calls themselves proves nothing. */
function strangerKey({ from, sender, calledThere }: IncomingMessage): string {
  if (sender !== undefined) return identityKey(sender);
  return `${from.platform}/${calledThere.slice(0, 100)}`;
}

function slowDown({ perMinute }: Rate): Reply {
  return {
    status: 'refused',
    message: message(
      'warning',
      paragraph(
        `That is faster than I answer (${perMinute} lines in a minute). I leave out what comes until it is less.`,
      ),
    ),
    data: { refused: 'too many lines' },
  };
}

function onlyLook({ status, data }: Reply): Reply {
  return {
    status,
    data,
    message: message(
      'plain',
      paragraph(
        'I do not know you, so you may only look: ',
        { command: 'help' },
        ' shows how, ',
        { command: 'whoami' },
        ' what I see of you and how you become known. I say this once.',
      ),
    ),
  };
}
