import type { Command, Reply } from '../src/chat/command.js';
import { grammar, type Grammar } from '../src/chat/grammar.js';
import { message, say } from '../src/chat/message.js';
import { instantOfMoment, moment, type Moment } from '../src/chat/moment.js';
import { flag, rest } from '../src/chat/parameter.js';
import { answered } from '../src/chat/reply.js';
import { anyText, wholeNumber } from '../src/chat/value.js';
import type { Instant } from '../src/domain/instant.js';
import { formatSalEntry } from '../src/sal/entry.js';
import type { SalReader } from '../src/sal/sal.js';
import { salEntryJson } from './sal-entry-json.js';

export interface SalArgs {
  readonly words: readonly string[];
  readonly since: Moment | undefined;
  readonly until: Moment | undefined;
  readonly author: string | undefined;
  readonly run: number | undefined;
  readonly limit: number | undefined;
}

/** Enough to see what has just happened, few enough for a channel. */
const USUAL_LIMIT = 10;

/** Reads only. Throws SalUnavailable. */
export function salCommand(sal: Pick<SalReader, 'find'>): Command<SalArgs> {
  const salGrammar: Grammar<SalArgs> = grammar({
    words: rest({
      name: 'WORDS',
      means: 'in any order; "in quotes" next to each other; begin* for a beginning',
      value: anyText(),
    }),
    since: flag({ name: 'since', means: 'only from then on', value: moment }),
    until: flag({ name: 'until', means: 'only before then', value: moment }),
    author: flag({ name: 'author', means: 'only what this person logged', value: anyText('NAME') }),
    run: flag({
      name: 'run',
      means: 'only what this run logged',
      value: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    }),
    limit: flag({
      name: 'limit',
      means: `how many at most, ${USUAL_LIMIT} when left out`,
      value: wholeNumber(1, 1_000),
    }),
  });
  return {
    words: ['sal'],
    summary: 'search the Server Admin Log, newest first',
    example: 'sal "read-only period" --since 7d',
    requires: 'anyone',
    writes: false,
    grammar: salGrammar,
    run: (args, { now }) => search(sal, args, now),
  };
}

async function search(sal: Pick<SalReader, 'find'>, args: SalArgs, now: Instant): Promise<Reply> {
  const { words, since, until, author, run, limit = USUAL_LIMIT } = args;
  const entries = await sal.find({
    words,
    limit,
    ...(since !== undefined && { since: instantOfMoment(since, now) }),
    ...(until !== undefined && { until: instantOfMoment(until, now) }),
    ...(author !== undefined && { author }),
    ...(run !== undefined && { run }),
  });
  if (entries.length === 0) return answered(say('Nothing in the log is like that.'), []);
  return answered(
    message('plain', { kind: 'code', lines: entries.map(formatSalEntry) }),
    entries.map(salEntryJson),
  );
}
