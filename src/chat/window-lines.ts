import { formatLength, isoSeconds } from '../domain/instant.js';
import { readOnlyPeriod } from '../runner/read-only-period.js';
import type { RunState } from '../runner/run-state.js';
import type { RunView } from '../runner/runner.js';
import { runMark } from './gate-lines.js';
import { message, type Message, paragraph } from './message.js';

/** The read-only clock starts and stops: the loudest lines of a run. Pure. */
export function windowLines(before: RunState | undefined, { run, state }: RunView): Message[] {
  const mark = runMark(state);
  const was = before === undefined ? undefined : readOnlyPeriod(run, before);
  const is = readOnlyPeriod(run, state);
  if (is === undefined || run.window === undefined) return [];
  if (was === undefined)
    return [
      message(
        'warning',
        paragraph(
          `${mark}: `,
          { strong: `READ-ONLY starts at ${isoSeconds(is.startedAt)}` },
          ` — the clock runs, budget ${formatLength(run.window.budget)}`,
        ),
      ),
    ];
  if (is.endedAt === undefined || was.endedAt !== undefined) return [];
  const length = is.endedAt - is.startedAt;
  const over = length > run.window.budget ? ', PAST ITS BUDGET' : '';
  return [
    message(
      over === '' ? 'good' : 'alarm',
      paragraph(
        `${mark}: `,
        { strong: `READ-ONLY ends at ${isoSeconds(is.endedAt)}` },
        ` after ${formatLength(length)}${over}. Breathe.`,
      ),
    ),
  ];
}
