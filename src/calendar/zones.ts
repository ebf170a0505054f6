import { DateTime, IANAZone } from 'luxon';
import type { Instant } from '../domain/instant.js';
import { utcTime } from './utc-day.js';
import { zoneLabel } from './zone-label.js';

/** A zone to show times in, by its name in the tz database. `label` overrides the built-in abbreviation. */
export interface ZoneChoice {
  readonly zone: string;
  readonly label?: string;
}

/** The zones of the usual line to communities, west to east. */
export const DEFAULT_ZONES: readonly ZoneChoice[] = [
  { zone: 'America/Los_Angeles' },
  { zone: 'America/New_York' },
  { zone: 'Europe/London' },
  { zone: 'Europe/Berlin' },
  { zone: 'Asia/Kolkata' },
  { zone: 'Asia/Tokyo' },
  { zone: 'Pacific/Auckland' },
];

/** An instant on the clocks of one zone. */
export interface ZoneTime {
  readonly label: string;
  readonly zone: string;
  /** `07:00`. */
  readonly time: string;
  /** `Wednesday`, and with it `2 September`: only where the local calendar day is not the UTC one. */
  readonly day?: string;
  readonly date?: string;
}

/** Whether the tz database has a zone of that name; `local`, fixed offsets and abbreviations are none. */
export function isKnownZone(zone: string): boolean {
  return (zone === 'UTC' || zone.includes('/')) && IANAZone.create(zone).isValid;
}

/**
 * The instant in each zone. Offsets come from the tz database, never from a table: the week of March lies between
 * the American and the European change of clocks. A zone that does not exist throws a RangeError that names it.
 */
export function inZones(at: Instant, zones: readonly ZoneChoice[] = DEFAULT_ZONES): readonly ZoneTime[] {
  const utcDate = DateTime.fromMillis(at, { zone: 'utc' }).toISODate();
  return zones.map(({ zone, label }) => {
    if (!isKnownZone(zone)) throw new RangeError(`no time zone "${zone}" in the tz database`);
    const local = DateTime.fromMillis(at, { zone: IANAZone.create(zone), locale: 'en' });
    const sameDay = local.toISODate() === utcDate;
    return {
      label: label ?? zoneLabel(zone, local.offset),
      zone,
      time: local.toFormat('HH:mm'),
      ...(sameDay ? {} : { day: local.toFormat('cccc'), date: local.toFormat('d LLLL') }),
    };
  });
}

/** `14:00 UTC, 07:00 PDT, …, 02:00 NZST on Wednesday 2 September`. */
export function zoneLine(at: Instant, zones: readonly ZoneChoice[] = DEFAULT_ZONES): string {
  const local = inZones(at, zones).map(({ time, label, day, date }) =>
    day === undefined || date === undefined ? `${time} ${label}` : `${time} ${label} on ${day} ${date}`,
  );
  return [`${utcTime(at)} UTC`, ...local].join(', ');
}
