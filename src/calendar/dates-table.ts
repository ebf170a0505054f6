import type { Milestone } from './milestone.js';
import { overrideText } from './override-text.js';
import { EVENT_MOMENTS } from './event-moments.js';
import type { SwitchoverEvent } from './switchover-event.js';
import { utcColumn } from './utc-day.js';
import { wrapped } from './wrapped.js';

const NO_EVENTS = 'no switchovers';

/**
 * One line per switchover, times in UTC; under it what differs from the rule, with the reason. Traffic shares the
 * column of Services and gets a line of its own when it has an hour of its own. Pure.
 */
export function datesTable(events: readonly SwitchoverEvent[]): readonly string[] {
  if (events.length === 0) return [NO_EVENTS];
  const rows = [
    ['switchover', 'direction', 'services, traffic', 'mediawiki (UTC)', 'repool'],
    ...events.map((event) => [event.key, direction(event), ...columns(event)]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...lines.slice(0, 1),
    ...events.flatMap((event, index) => [lines[index + 1] ?? '', ...remarks(event)]),
  ];
}

/** The event with its four moments and its milestones, times in UTC. Pure. */
export function eventTable(event: SwitchoverEvent, milestones: readonly Milestone[]): readonly string[] {
  return [
    `${event.key}: datacenter switchover from ${event.from} to ${event.to} (times in UTC)`,
    ...EVENT_MOMENTS.map((moment) => `  ${moment.padEnd(9)}  ${utcColumn(event[moment])}`),
    ...remarks(event),
    ...(milestones.length === 0 ? [] : ['milestones']),
    ...milestones.flatMap(({ at, title, audiences }) =>
      wrapped(`  ${utcColumn(at)}  `, `${title} (${audiences.join(', ')})`),
    ),
  ];
}

function direction({ from, to }: SwitchoverEvent): string {
  return `${from} → ${to}`;
}

function columns(event: SwitchoverEvent): readonly string[] {
  return [event.services, event.mediawiki, event.repool].map(utcColumn);
}

function remarks(event: SwitchoverEvent): readonly string[] {
  const traffic = event.traffic === event.services ? [] : [`traffic ${utcColumn(event.traffic)}`];
  return [...traffic, ...event.overrides.map(overrideText)].flatMap((remark) => wrapped('    ', remark));
}
