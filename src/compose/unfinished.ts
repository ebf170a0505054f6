import { message, type Message, paragraph } from '../chat/message.js';
import { waitSpans } from '../chat/wait-spans.js';
import { waitsOf } from '../runner/waits.js';
import type { House } from './house.js';

/**
 * What each run that an earlier process left waits for. A question that was put just before that process ended may never
 * have been seen, and nobody would answer it; so it is said once more when a process begins.
 */
export async function unfinished({ runner, clock }: House): Promise<Message[]> {
  const messages: Message[] = [];
  for (const run of await runner.unfinished()) {
    const view = await runner.view(run);
    if (view === undefined) continue;
    const now = clock.now();
    const waits = waitsOf(view.run, view.state, now).map((wait) => paragraph(...waitSpans(wait, now)));
    const begun = paragraph({ strong: `Run ${run} is not over` }, `: ${view.state.description}.`);
    messages.push(message('plain', begun, ...waits));
  }
  return messages;
}
