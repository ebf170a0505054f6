import { type Instant, clockTime, formatLength } from '../domain/instant.js';
import type { Wait } from '../runner/waits.js';
import type { Span } from './message.js';

/** One thing that a run waits for: since when, who can answer and how, and what happens at the deadline. Pure. */
export function waitSpans(wait: Wait, now: Instant): Span[] {
  const spans: Span[] = [
    wait.what,
    `; since ${clockTime(wait.since)} UTC (${formatLength(Math.max(0, now - wait.since))})`,
  ];
  if (wait.who !== undefined) spans.push('. Can answer: ', { strong: wait.who });
  wait.answers.forEach((answer, index) => spans.push(index === 0 ? '. Say ' : ' or ', { command: answer }));
  if (wait.until !== undefined)
    spans.push(
      `. At ${clockTime(wait.until)} UTC${wait.until > now ? ` (in ${formatLength(wait.until - now)})` : ''} ${wait.then ?? ''}`,
    );
  return [...spans, '.'];
}
