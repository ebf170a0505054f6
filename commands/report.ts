import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { recap, recapJson } from '../src/chat/recap.js';
import { answered, notFound } from '../src/chat/reply.js';
import type { JournalReader } from '../src/runner/journal.js';
import { type ReadOnlyTime, measuredTimes } from '../src/runner/run-history.js';
import { endedRuns } from '../src/runner/history.js';
import type { Runner } from '../src/runner/runner.js';
import { whichRun } from '../src/runner/which-run.js';
import { runNumber } from './run-number.js';

/** The recap of a run, made from its journal. Reads. */
export const report = (
  runner: Runner,
  journal: JournalReader,
  published: readonly ReadOnlyTime[],
): Command<unknown> => {
  const command: Command<{ run: number | undefined }> = {
    words: ['report', 'recap'],
    summary: 'show the recap of a run, with its measured read-only time',
    example: 'report 41',
    requires: 'anyone',
    writes: false,
    grammar: grammar({ run: runNumber }),
    async run({ run: named }, call) {
      const newest = named ?? (await journal.runs(1))[0];
      const which = await whichRun(runner, newest);
      if (!which.ok) return notFound(`${which.refusal.because}: ${which.refusal.needed}`);
      const { run, state } = which.value;
      const earlier = (await endedRuns(journal, run.runbook, state.mode)).filter(
        (other) => other.run < state.run,
      );
      const history = [...published, ...measuredTimes(earlier, run.window)];
      return answered(recap(which.value, history, call.now), recapJson(which.value, history));
    },
  };
  return command;
};
