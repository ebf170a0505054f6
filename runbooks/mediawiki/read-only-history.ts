import { type Millis, MINUTE, SECOND } from '../../src/domain/instant.js';

/** A switchover whose read-only time was published. What is not here is not known. */
export interface PublishedReadOnlyTime {
  readonly when: string;
  readonly length: Millis;
  readonly about?: boolean;
}

/** Wikimedia's published read-only times: what a run's own clock is shown beside. */
export const publishedReadOnlyTimes: readonly PublishedReadOnlyTime[] = [
  { when: '2016, the first switchover', length: 45 * MINUTE, about: true },
  { when: '2018', length: 7 * MINUTE, about: true },
  { when: 'September 2021', length: 2 * MINUTE + 42 * SECOND },
  { when: '2023, the first of the year', length: MINUTE + 59 * SECOND },
  { when: '2023, switching back', length: 3 * MINUTE + SECOND },
  { when: 'March 2024', length: 3 * MINUTE + 8 * SECOND },
  { when: 'September 2024', length: 2 * MINUTE + 46 * SECOND },
];
