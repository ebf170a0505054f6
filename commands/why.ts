import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { type Block, message, paragraph } from '../src/chat/message.js';
import { answered, notFound } from '../src/chat/reply.js';
import { isoSeconds } from '../src/domain/instant.js';
import type { RunId } from '../src/runner/journal.js';
import type { Runner } from '../src/runner/runner.js';
import { waitSpans } from '../src/chat/wait-spans.js';
import { type Wait, waitsOf } from '../src/runner/waits.js';
import { whichRun } from '../src/runner/which-run.js';
import { runNumber } from './run-number.js';

export interface WhyParts {
  readonly runner: Runner;
  /** What keeps a run from going on that its journal cannot say. */
  readonly stoppedBy: (run: RunId) => Wait | undefined;
}

/** What a run waits for, since when, who can answer, and what happens at the deadline. Reads. */
export const why = ({ runner, stoppedBy }: WhyParts): Command<unknown> => {
  const command: Command<{ run: number | undefined }> = {
    words: ['why'],
    summary: 'tell what a run waits for, and who can answer',
    example: 'why 41',
    requires: 'anyone',
    writes: false,
    grammar: grammar({ run: runNumber }),
    async run({ run: named }, call) {
      const which = await whichRun(runner, named);
      if (!which.ok) return notFound(`${which.refusal.because}: ${which.refusal.needed}`);
      const { run, state } = which.value;
      const stopped = stoppedBy(state.run);
      const waits = [...(stopped === undefined ? [] : [stopped]), ...waitsOf(run, state, call.now)];
      const data = {
        run: state.run,
        waits: waits.map((wait) => ({
          kind: wait.kind,
          what: wait.what,
          since: isoSeconds(wait.since),
          who: wait.who ?? null,
          answers: [...wait.answers],
          until: wait.until === undefined ? null : isoSeconds(wait.until),
          then: wait.then ?? null,
        })),
      };
      if (state.ended !== undefined)
        return answered(
          message(
            'plain',
            paragraph(
              `Run ${state.run} waits for nothing: it ended ${state.ended.result}, ${state.ended.because}.`,
            ),
          ),
          data,
        );
      const driven = runner.isDriven(state.run)
        ? []
        : [
            paragraph(
              'No process drives this run: ',
              { command: `resume ${state.run}` },
              ' does, or the service.',
            ),
          ];
      const blocks: Block[] = waits.map((wait) => paragraph(...waitSpans(wait, call.now)));
      const nothing =
        blocks.length === 0
          ? [paragraph(`Run ${state.run} waits for nothing; it is between two steps.`)]
          : [];
      return answered(message('plain', ...driven, ...blocks, ...nothing), data);
    },
  };
  return command;
};
