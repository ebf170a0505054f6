import type { Command } from '../src/chat/command.js';
import { message, paragraph } from '../src/chat/message.js';
import { planBlocks } from '../src/chat/plan-message.js';
import { answered, refused } from '../src/chat/reply.js';
import type { Json } from '../src/domain/json.js';
import { needsText } from '../src/runner/orders.js';
import type { Runner } from '../src/runner/runner.js';
import { type AskableRuns, askedRun, askedRunGrammar, type AskedRunArgs } from './asked-run.js';

/** What a run would change, from the world as it is now. Reads only; asks for nothing. */
export const plan = (runner: Runner, askable: AskableRuns): Command<unknown> => {
  const command: Command<AskedRunArgs> = {
    words: ['plan'],
    tried: ['dry-run', 'preview', 'diff'],
    summary: 'show what a run would do, without asking for it',
    example: 'plan --dry-run',
    requires: 'anyone',
    writes: false,
    grammar: askedRunGrammar(askable),
    async run(args) {
      const asked = askedRun(
        args.task === undefined && !args.liveTest ? { ...args, dryRun: true } : args,
        askable,
      );
      if (!asked.ok) return refused(asked.refusal.because, asked.refusal.needed);
      const live = args.dryRun || args.liveTest ? asked.value : { ...asked.value, mode: 'live' as const };
      const planned = await runner.plan(live);
      if (!planned.ok) return refused(planned.refusal.because, planned.refusal.needed);
      const { run, policy } = planned.value;
      const asks = policy.approvals === 0 ? 'It would start at once.' : `It would need ${needsText(policy)}.`;
      const data = {
        runbook: run.runbook,
        mode: run.mode,
        params: run.params,
        plan: planned.value.plan as unknown as Json,
      };
      return answered(message('plain', ...planBlocks(run, planned.value.plan), paragraph(asks)), data);
    },
  };
  return command;
};
