import { formatLength } from '../domain/instant.js';
import type { Recorded } from '../runner/journal.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import type { RunState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import { message, type Message, paragraph } from './message.js';

/**
 * What the community is told of a run, in plain language: that editing has stopped and that it works again. Rehearsals
 * and dry runs are left out: they change nothing for anybody who edits. Pure.
 */
export function communityLines(
  before: RunState | undefined,
  { run, state }: RunView,
  _recorded: Recorded,
): Message[] {
  if (state.mode !== 'live') return [];
  const was = before === undefined ? undefined : readOnlyPeriod(run, before);
  const is = readOnlyPeriod(run, state);
  if (is === undefined) return [];
  if (was === undefined)
    return [
      message(
        'warning',
        paragraph(
          { strong: 'The wikis are read-only now.' },
          ' You can read everything; saving an edit will work again in a few minutes. Keep a copy of your text.',
        ),
      ),
    ];
  if (is.endedAt === undefined || was.endedAt !== undefined) return [];
  const length = formatLength(is.endedAt - is.startedAt);
  return [
    message(
      'good',
      paragraph(
        { strong: 'Read-only is over.' },
        ` Editing works again; it was not possible for ${length}. Thank you for your patience.`,
      ),
    ),
  ];
}
