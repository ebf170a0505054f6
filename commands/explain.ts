import type { Command } from '../src/chat/command.js';
import { grammar } from '../src/chat/grammar.js';
import { message, paragraph } from '../src/chat/message.js';
import { required } from '../src/chat/parameter.js';
import { answered, notFound } from '../src/chat/reply.js';
import { valueOf } from '../src/chat/value.js';
import type { Explanation, TaskId } from '../src/runbook/task.js';

/** A task as it is explained, whatever the mode of a run. */
export interface ExplainedTask {
  readonly id: TaskId;
  readonly title: string;
  readonly phase: string;
  readonly explain: Explanation;
  /** Who does it by hand; undefined for what is done by itself. */
  readonly assignedTo?: string;
  readonly takenBack: string;
}

/** Written for somebody doing this for the first time. Reads nothing. */
export const explain = (tasks: readonly ExplainedTask[]): Command<unknown> => {
  const whichName = (given: string): string | undefined => names.find((name) => name === given.toLowerCase());
  const names = [...tasks.map((task) => task.id), ...tasks.map((task) => shortName(task.id))];
  const command: Command<{ task: string }> = {
    words: ['explain'],
    tried: ['describe', 'what'],
    summary: 'explain a task: what it does, how to check by hand, what has gone wrong before',
    example: `explain ${tasks[0]?.id ?? 'TASK'}`,
    requires: 'anyone',
    writes: false,
    grammar: grammar({
      task: required({
        name: 'TASK',
        means: 'a task of the runbook',
        value: valueOf('TASK', 'a task, named as `plan` lists it', whichName, names),
      }),
    }),
    run({ task: named }) {
      const task =
        tasks.find((candidate) => candidate.id === named) ??
        tasks.find((candidate) => shortName(candidate.id) === named);
      if (task === undefined) return Promise.resolve(notFound(`no task is called ${named}`));
      const who = task.assignedTo === undefined ? 'done by itself' : `done by a person: ${task.assignedTo}`;
      const { does, checkByHand, wentWrongBefore } = task.explain;
      const shown = message(
        'plain',
        paragraph({ code: task.id }, ' ', { strong: task.title }, ` (phase ${task.phase}, ${who})`),
        paragraph({ strong: 'What it does: ' }, does),
        paragraph({ strong: 'Check by hand: ' }, checkByHand),
        paragraph({ strong: 'What went wrong before: ' }, wentWrongBefore),
        paragraph({ strong: 'Taken back: ' }, task.takenBack),
      );
      const data = {
        id: task.id,
        title: task.title,
        phase: task.phase,
        does,
        checkByHand,
        wentWrongBefore,
        takenBack: task.takenBack,
      };
      return Promise.resolve(answered(shown, data));
    },
  };
  return command;
};

const shortName = (id: TaskId): string => id.replace(/^\d+-/, '');
