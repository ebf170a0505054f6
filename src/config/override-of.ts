import type { Override } from '../calendar/overrides.js';
import { ImpossibleState } from '../domain/errors.js';
import type { ConfigFile } from './schema/config-file.js';

/** An override as the calendar takes it. Pure. */
export function overrideOf(written: ConfigFile['calendar']['overrides'][number]): Override {
  const { event, reason } = written;
  switch (written.kind) {
    case 'move':
      return {
        kind: 'move',
        event,
        reason,
        to: written.to,
        ...(written.only === undefined ? {} : { only: written.only }),
      };
    case 'retime':
      return {
        kind: 'retime',
        event,
        reason,
        at: written.at,
        ...(written.only === undefined ? {} : { only: written.only }),
      };
    case 'extend':
      if (written.days !== undefined) return { kind: 'extend', event, reason, by: { days: written.days } };
      if (written.until !== undefined) return { kind: 'extend', event, reason, by: { until: written.until } };
      throw new ImpossibleState('an extension without any of its keys has passed the schema');
    case 'cancel':
      return { kind: 'cancel', event, reason };
  }
}
