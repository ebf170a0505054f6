import type { Call, Command, Reply } from '../src/chat/command.js';
import { type Block, message, paragraph } from '../src/chat/message.js';
import { planBlocks } from '../src/chat/plan-message.js';
import { answered, refused } from '../src/chat/reply.js';
import { modeMark } from '../src/runbook/mode.js';
import { type Caller, needsText } from '../src/runner/orders.js';
import type { AskedRun } from '../src/runner/request-entry.js';
import type { Runner, RunView } from '../src/runner/runner.js';
import { type AskableRuns, askedRun, askedRunGrammar, type AskedRunArgs } from './asked-run.js';
import { callerOf } from './run-number.js';

/**
 * Asks for a run: plans it, journals the request, and shows what is needed before it begins. A message that has asked
 * already is shown the same plan again.
 */
export const start = (runner: Runner, askable: AskableRuns): Command<unknown> => {
  const command: Command<AskedRunArgs> = {
    words: ['start', 'switchover'],
    tried: ['run', 'begin', 'launch', 'failover'],
    summary: 'ask for a run; it begins when its approvals are there',
    example: 'start mediawiki --task T12345 --live-test',
    requires: 'operate',
    writes: true,
    grammar: askedRunGrammar(askable),
    async objection(args, call) {
      const asked = askedBy(args, call, askable);
      if ('status' in asked) return asked;
      const planned = await runner.plan(asked.request);
      return planned.ok ? undefined : refused(planned.refusal.because, planned.refusal.needed);
    },
    async run(args, call) {
      const asked = askedBy(args, call, askable);
      if ('status' in asked) return asked;
      const requested = await runner.request(asked.request, asked.caller);
      if (!requested.ok) return refused(requested.refusal.because, requested.refusal.needed);
      void runner.drive(requested.value.state.run);
      return planReply(requested.value);
    },
  };
  return command;
};

/** The plan of a run that has been asked for, and what it needs. Pure. */
function planReply({ run, state }: RunView): Reply {
  const approvals =
    state.policy.approvals === 0 ? 'needs no approval and starts now' : `needs ${needsText(state.policy)}`;
  const blocks: Block[] = [
    paragraph(
      { strong: `Run ${state.run}` },
      ` ${modeMark(run.mode)}${run.runbook} ${run.description} ${approvals}.`,
    ),
    ...planBlocks(run, state.plan),
  ];
  if (state.policy.approvals > 0)
    blocks.push({
      kind: 'choices',
      choices: [
        { label: 'Approve', command: `approve ${state.run}` },
        { label: 'Deny', command: `deny ${state.run}` },
      ],
    });
  const data = {
    run: state.run,
    mode: state.mode,
    params: state.params,
    digest: state.plan.digest,
    approvals: state.policy.approvals,
  };
  return answered(message('plain', ...blocks), data);
}

/** Who asks, and for what; or why nobody can be asked that. */
function askedBy(
  args: AskedRunArgs,
  call: Call,
  askable: AskableRuns,
): { readonly request: AskedRun; readonly caller: Caller } | Reply {
  const caller = callerOf(call);
  if (caller === undefined)
    return refused(
      'only a person the configuration knows may start a run',
      '`whoami` shows what I see of you',
    );
  const asked = askedRun(args, askable);
  return asked.ok ? { request: asked.value, caller } : refused(asked.refusal.because, asked.refusal.needed);
}
