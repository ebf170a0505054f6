import { grammar, type ArgsOf } from '../src/chat/grammar.js';
import { flag, listFlag, optional, optionalWithNext, toggle } from '../src/chat/parameter.js';
import { anyText, oneOf, trackerTask, valueOf } from '../src/chat/value.js';
import type { Json } from '../src/domain/json.js';
import type { Mode } from '../src/runbook/mode.js';
import { type Result, done, refused } from '../src/runner/refusal.js';
import type { AskedRun } from '../src/runner/request-entry.js';

/** What `start` and `plan` need to know of the installation to read their words. */
export interface AskableRuns {
  readonly runbooks: readonly string[];
  readonly datacenters: readonly string[];
  /** The event that a live run asked for now belongs to by itself: one whose time is less than a day away. */
  eventNow(): string | undefined;
}

/** The words of `start` and `plan`. */
export function askedRunParameters({ runbooks, datacenters }: AskableRuns) {
  const place = (name: string, means: string) => ({ name, means, value: oneOf(datacenters, name) });
  return {
    runbook: optional({
      name: 'RUNBOOK',
      means: 'what to run; left out, the first',
      value: oneOf(runbooks),
    }),
    from: optionalWithNext(
      place('FROM', 'the datacenter that hands over; left out, it is derived from which is primary'),
    ),
    to: optional(place('TO', 'the datacenter that becomes, or in a live test stays, primary')),
    task: flag({ name: 'task', means: 'the tracking task', value: trackerTask }),
    reason: flag({
      name: 'reason',
      means: 'why, for the record; left out, it is the switchover itself',
      value: anyText(),
    }),
    roReason: flag({
      name: 'ro-reason',
      means: 'what editors are told while they cannot save',
      value: anyText(),
    }),
    dryRun: toggle({ name: 'dry-run', means: 'look at everything and write nothing' }),
    liveTest: toggle({
      name: 'live-test',
      means: 'rehearse for real on the passive datacenter; the primary is not touched',
    }),
    merged: toggle({
      name: 'merged',
      means: 'share the last wait for configuration caches: shorter read-only',
    }),
    only: listFlag({ name: 'only', means: 'these tasks alone', value: anyText('TASK') }),
    event: flag({
      name: 'event',
      means: 'the calendar event it belongs to; read-only then waits for its time',
      value: valueOf('EVENT', 'a year and a season, such as 2026-northward', (text) =>
        /^\d{4}-(northward|southward)$/.test(text.toLowerCase()) ? text.toLowerCase() : undefined,
      ),
    }),
    emergency: toggle({
      name: 'emergency',
      means: 'the other datacenter is in trouble: leave out what only prepares',
    }),
  };
}

export const askedRunGrammar = (askable: AskableRuns) => grammar(askedRunParameters(askable));
export type AskedRunArgs = ArgsOf<ReturnType<typeof askedRunParameters>>;

/** Turns the words into a request, or says what is missing. Pure. */
export function askedRun(args: AskedRunArgs, askable: AskableRuns): Result<AskedRun> {
  if (args.dryRun && args.liveTest)
    return refused('a dry run writes nothing and a live test does', 'one of --dry-run and --live-test');
  const mode: Mode = args.dryRun ? 'dry-run' : args.liveTest ? 'live-test' : 'live';
  if (mode !== 'dry-run' && args.task === undefined)
    return refused(
      'what changes the world belongs to a tracking task',
      '--task T12345 (or --dry-run, which changes nothing)',
    );
  const attached =
    mode === 'live' && !args.emergency && args.only.length === 0 ? askable.eventNow() : undefined;
  const event = args.event ?? attached;
  const params: Record<string, Json> = {
    ...(args.from === undefined ? {} : { from: args.from }),
    ...(args.to === undefined ? {} : { to: args.to }),
    ...(args.task === undefined ? {} : { task: args.task }),
    ...(args.roReason === undefined ? {} : { roReason: args.roReason }),
    order: args.merged ? 'merged' : 'strict',
    ...(args.only.length === 0 ? {} : { only: args.only }),
    ...(event === undefined ? {} : { event }),
    emergency: args.emergency,
  };
  const reason = {
    text: args.reason ?? 'datacenter switchover',
    ...(args.task === undefined ? {} : { task: args.task }),
  };
  return done({
    runbook: args.runbook ?? askable.runbooks[0] ?? '',
    params,
    mode,
    reason,
    ...(event === undefined ? {} : { event }),
  });
}
