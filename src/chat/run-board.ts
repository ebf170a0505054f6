import { type Instant, clockTime } from '../domain/instant.js';
import type { RunView } from '../runner/runner.js';
import { waitsOf } from '../runner/waits.js';
import { runMark } from './gate-lines.js';
import { type Block, list, message, type Message, paragraph, type Tone } from './message.js';
import { progressBlock } from './run-progress.js';
import { waitSpans } from './wait-spans.js';

/** More things that a run waits for than these are counted; `why` has them all. */
const MOST_WAITS = 4;

/** Where more is to be read. */
export interface RunLink {
  readonly text: string;
  readonly link: string;
}

/** The one message about a run that is kept up to date where messages can be edited. Pure. */
export function boardMessage(view: RunView, now: Instant, links: readonly RunLink[]): Message {
  const { run, state } = view;
  const blocks: Block[] = [
    paragraph({ strong: runMark(state) }, ` ${run.runbook} ${state.description}, run by ${state.operator}`),
    progressBlock(view, now),
  ];
  const waits = waitsOf(run, state, now).filter(({ who }) => who !== undefined);
  if (waits.length > 0) blocks.push(list(...waits.slice(0, MOST_WAITS).map((wait) => waitSpans(wait, now))));
  if (waits.length > MOST_WAITS)
    blocks.push(paragraph(`and ${waits.length - MOST_WAITS} more: `, { command: `why ${state.run}` }));
  if (links.length > 0)
    blocks.push(paragraph(...links.flatMap((link, index) => (index === 0 ? [link] : [' · ', link]))));
  blocks.push(paragraph(`as of ${clockTime(now)} UTC`));
  return message(toneOf(view), ...blocks);
}

function toneOf({ state }: RunView): Tone {
  if (state.ended !== undefined) return state.ended.result === 'PASS' ? 'good' : 'warning';
  return state.hold === undefined && state.abort === undefined ? 'plain' : 'warning';
}
