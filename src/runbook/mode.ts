/** One value, never two booleans. */
export type Mode = 'live' | 'live-test' | 'dry-run';

/** How the runs of a mode are marked wherever they are told of. */
export function modeMark(mode: Mode): string {
  switch (mode) {
    case 'live':
      return '';
    case 'live-test':
      return '[NON-PRIMARY-DC] ';
    case 'dry-run':
      return '[DRY-RUN] ';
  }
}
