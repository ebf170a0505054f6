import type { Call, Command, Reply } from '../src/chat/command.js';
import { type Message, say } from '../src/chat/message.js';
import { answered, notFound, refused } from '../src/chat/reply.js';
import type { Json } from '../src/domain/json.js';
import type { Entry } from '../src/runner/entry.js';
import type { Recorded } from '../src/runner/journal.js';
import type { Caller, Order } from '../src/runner/orders.js';
import type { RunView, Runner } from '../src/runner/runner.js';
import { whichRun } from '../src/runner/which-run.js';
import { callerOf } from './run-number.js';

export type OrderReply = (entry: Entry, view: RunView) => Message;

/** A command that orders something of a run: what is left to say when judging, giving and answering are the same. */
export interface OrderSpec<Args> extends Omit<Command<Args>, 'writes' | 'objection' | 'run'> {
  /** What the words order. */
  readonly order: (args: Args) => Order;
  /**
   * What the caller is told besides what everybody is told: where the reporter speaks as well, the entry itself is seen
   * there.
   */
  readonly reply: OrderReply;
}

/** The command of an order. It writes one journal entry, or refuses. */
export function orderCommand<Args extends { readonly run: number | undefined }>(
  runner: Runner,
  { order, reply, ...spec }: OrderSpec<Args>,
): Command<Args> {
  return {
    ...spec,
    writes: true,
    objection: (args, call) => orderObjection(runner, call, args.run, order(args)),
    run: (args, call) => giveOrder(runner, call, args.run, order(args), reply),
  };
}

/** The refusal of an order as the run is now, or undefined. Reads. */
export async function orderObjection(
  runner: Runner,
  call: Call,
  named: number | undefined,
  order: Order,
): Promise<Reply | undefined> {
  const meant = await meantBy(runner, call, named, order);
  if ('status' in meant) return meant;
  const { view, caller } = meant;
  const judged = order({ ...view, caller, now: call.now });
  return judged.ok ? undefined : refused(judged.refusal.because, judged.refusal.needed);
}

/**
 * Gives an order to a run and tells the person what became of it. Writes one journal entry, or refuses; for a message
 * that has become an entry already it writes nothing and tells the same.
 */
export async function giveOrder(
  runner: Runner,
  call: Call,
  named: number | undefined,
  order: Order,
  reply: OrderReply,
): Promise<Reply> {
  const again = await answeredAgain(runner, call, reply);
  if (again !== undefined) return again;
  const meant = await meantBy(runner, call, named, order);
  if ('status' in meant) return meant;
  const { run } = meant.view.state;
  const result = await runner.order(run, order, meant.caller);
  if (!result.ok) return refused(result.refusal.because, result.refusal.needed);
  return acted(result.value, (await runner.view(run)) ?? meant.view, reply);
}

/** The answer to a message that has become an entry already; undefined for one that has not. Reads. */
export async function answeredAgain(
  runner: Runner,
  { said }: Call,
  reply: OrderReply,
): Promise<Reply | undefined> {
  const done = said && (await runner.doneWith(said));
  return done && acted(done.recorded, done, reply);
}

function acted({ run, seq, entry }: Recorded, view: RunView, reply: OrderReply): Reply {
  const data: Json = { run, entry: entry.kind, seq };
  return answered(reply(entry, view), data);
}

/** Who orders, and of which run; or why that cannot be known. */
async function meantBy(
  runner: Runner,
  call: Call,
  named: number | undefined,
  order: Order,
): Promise<{ readonly view: RunView; readonly caller: Caller } | Reply> {
  const caller = callerOf(call);
  if (caller === undefined)
    return refused('only a person the configuration knows may do this', '`whoami` shows what I see of you');
  const which = await whichRun(runner, named, (view) => order({ ...view, caller, now: call.now }).ok);
  if (!which.ok) return notFound(`${which.refusal.because}: ${which.refusal.needed}`);
  return { view: which.value, caller };
}

export const told = (text: string): OrderReply => {
  return (_entry, view) => say(`Run ${view.state.run}: ${text}`);
};
