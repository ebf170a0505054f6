import type { Call, Reply } from '../src/chat/command.js';
import { type Message, say } from '../src/chat/message.js';
import { answered, notFound, refused } from '../src/chat/reply.js';
import type { Json } from '../src/domain/json.js';
import type { Entry } from '../src/runner/entry.js';
import type { Order } from '../src/runner/orders.js';
import type { RunView, Runner } from '../src/runner/runner.js';
import { whichRun } from '../src/runner/which-run.js';
import { callerOf } from './run-number.js';

/** Gives an order to a run and tells the person what became of it. Writes one journal entry, or refuses. */
export async function giveOrder(
  runner: Runner,
  call: Call,
  named: number | undefined,
  order: Order,
  reply: (entry: Entry, view: RunView) => Message,
): Promise<Reply> {
  const caller = callerOf(call);
  if (caller === undefined)
    return refused('only a person the configuration knows may do this', '`whoami` shows what I see of you');
  const which = await whichRun(
    runner,
    named,
    ({ run, state }) => order({ run, state, caller, now: call.now }).ok,
  );
  if (!which.ok) return notFound(`${which.refusal.because}: ${which.refusal.needed}`);
  const { run } = which.value.state;
  const result = await runner.order(run, order, caller);
  if (!result.ok) return refused(result.refusal.because, result.refusal.needed);
  const view = (await runner.view(run)) ?? which.value;
  const data: Json = { run, entry: result.value.entry.kind, seq: result.value.seq };
  return answered(reply(result.value.entry, view), data);
}

export const told = (text: string): ((entry: Entry, view: RunView) => Message) => {
  return (_entry, view) => say(`Run ${view.state.run}: ${text}`);
};
