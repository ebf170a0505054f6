import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { type Block, list, message, paragraph, say, type Span } from '../src/chat/message.js';
import { runNumber } from './run-number.js';
import { answered, notFound } from '../src/chat/reply.js';
import { progressBlock, runJson, taskTook, taskWord } from '../src/chat/run-progress.js';
import type { Json } from '../src/domain/json.js';
import { taskState } from '../src/runner/run-state.js';
import type { Runner } from '../src/runner/runner.js';
import { waitsOf } from '../src/runner/waits.js';
import { whichRun } from '../src/runner/which-run.js';

/** Something beside the runs that a person should know: reminders that were told to nobody, faults that are set. */
export type Remarks = () => Promise<readonly string[]>;

/** How far a run is: its phases, the tasks of the one that is running, what it waits for. Reads. */
export const status = (runner: Runner, remarks: Remarks): Command<unknown> => {
  const command: Command<{ run: number | undefined }> = {
    words: ['status'],
    tried: ['progress', 'state', 'show'],
    summary: 'show how far a run is',
    example: 'status 41',
    requires: 'anyone',
    writes: false,
    grammar: grammar({ run: runNumber }),
    async run(args, call) {
      const extra = await remarks();
      const remarkBlocks: Block[] = extra.length === 0 ? [] : [list(...extra.map((text): Span[] => [text]))];
      if (args.run === undefined && (await runner.unfinished()).length === 0) {
        const quiet = say(
          'No run is going on. ',
          { command: 'next' },
          ' shows the next switchover, ',
          { command: 'runs' },
          ' the earlier runs.',
        );
        return answered(
          { ...quiet, blocks: [...quiet.blocks, ...remarkBlocks] },
          { run: null, remarks: [...extra] },
        );
      }
      const which = await whichRun(runner, args.run);
      if (!which.ok) return notFound(`${which.refusal.because}: ${which.refusal.needed}`);
      const view = which.value;
      const { run, state } = view;
      const blocks: Block[] = [progressBlock(view, call.now)];
      const running = run.phases.filter((phase) => {
        const progress = state.phases[phase.id];
        return progress !== undefined && (progress.endedAt === undefined || state.rollback !== undefined);
      });
      for (const phase of running)
        for (const task of phase.tasks) {
          const own = taskState(state, task.id);
          blocks.push(list([{ code: task.id }, ` ${taskWord(own)} ${taskTook(own, call.now)}`.trimEnd()]));
        }
      const waits = waitsOf(run, state, call.now).filter((wait) => wait.kind !== 'working');
      for (const wait of waits)
        blocks.push(
          paragraph(
            { strong: 'Waits: ' },
            wait.what,
            ...(wait.answers[0] ? [' → ', { command: wait.answers[0] }] : []),
          ),
        );
      if (state.ended !== undefined) blocks.push(paragraph(`${state.ended.result}: ${state.ended.because}.`));
      return answered(message('plain', ...blocks, ...remarkBlocks), {
        ...(runJson(view) as Record<string, Json>),
        remarks: [...extra],
      });
    },
  };
  return command;
};
