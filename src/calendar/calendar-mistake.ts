/** What a person typed or configured that the calendar cannot use; a value, never thrown. */
export interface CalendarMistake {
  /** What is wrong, quoting what was given. */
  readonly mistake: string;
  /** What would have been right. */
  readonly expected: string;
}

export function isCalendarMistake(value: object): value is CalendarMistake {
  return 'mistake' in value && 'expected' in value;
}

/** One sentence: `no switchover "2026-north"; expected <year>-northward or …`. */
export function explainCalendarMistake({ mistake, expected }: CalendarMistake): string {
  return `${mistake}; expected ${expected}`;
}
