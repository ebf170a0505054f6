import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { explainError } from '../../domain/errors.js';
import { type Instant, type Millis, plus } from '../../domain/instant.js';
import type { IncomingMessage } from '../platform.js';
import type { Calls } from './calls.js';
import { openPace, type PaceRule } from './pace.js';

/** What Slack says about somebody. */
export interface Vouched {
  readonly sender: IncomingMessage['sender'];
  readonly calledThere: string;
  readonly isProgram: boolean;
}

export interface Voucher {
  /** `fresh`: what was said a minute ago is not good enough. Never rejects. */
  about(team: string, user: string, how: 'fresh' | 'known'): Promise<Vouched>;
}

const userSchema = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().default(''),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    profile: z.object({ display_name: z.string().default('') }).prefault({}),
  }),
});

/** Whoever clicks all day must not use up the questions that approvals need: then a known answer is good enough. */
const FRESH_ANSWERS: PaceRule = { burst: 5, reserve: 0, perSecond: 1 / 5 };

const MOST_KNOWN = 10_000;

export interface VoucherParts {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly userKnownFor: Millis;
  /** The workspace whose members are people to us. */
  readonly ownTeam: () => string | undefined;
  readonly trouble: (text: string) => void;
  readonly closed: AbortSignal;
}

/**
 * Full members of our own workspace are vouched for; guests, users of other workspaces and those who left are nobody
 * here, whatever they are called. Where Slack cannot be asked, nobody is vouched for.
 */
export function openVoucher(parts: VoucherParts): Voucher {
  const { calls, clock, userKnownFor, ownTeam, trouble } = parts;
  const asking = openPace(FRESH_ANSWERS, clock, parts.closed);
  const known = new Map<string, { readonly until: Instant; readonly vouched: Promise<Vouched> }>();

  const ask = async (team: string, user: string): Promise<Vouched> => {
    const answer = await calls.call('urgent', 'users.info', { user });
    const { user: told } = userSchema.parse(answer);
    const own = ownTeam();
    const isOurs = own !== undefined && team === own && (told.team_id ?? own) === own && told.id === user;
    const isFull = !told.is_restricted && !told.is_ultra_restricted && !told.is_stranger && !told.deleted;
    const isOneOfUs = isOurs && isFull && !told.is_bot;
    return {
      sender: isOneOfUs ? { kind: 'slack', team, user } : undefined,
      calledThere: told.profile.display_name || told.name || user,
      isProgram: told.is_bot,
    };
  };

  return {
    async about(team, user, how) {
      const key = `${team}/${user}`;
      const before = known.get(key);
      const isKnown = before !== undefined && before.until > clock.now();
      if (isKnown && (how === 'known' || !asking.free(key))) return before.vouched;
      const vouched = ask(team, user).catch((error: unknown): Vouched => {
        known.delete(key);
        trouble(`Slack could not be asked who ${key} is, so they are nobody for now: ${explainError(error)}`);
        return { sender: undefined, calledThere: user, isProgram: false };
      });
      known.delete(key);
      known.set(key, { until: plus(clock.now(), userKnownFor), vouched });
      const [oldest] = known.keys();
      if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
      return vouched;
    },
  };
}
