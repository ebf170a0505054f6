/** Abbreviations of zones that share their rules, by the offset from UTC in minutes that the tz database gives. */
interface LabelledZones {
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<number, string>>;
}

/**
 * Labels only, never offsets: an offset that is not listed (a country changed its law) falls back to the city.
 * Needed because the names that come with Node are `GMT+2` for most zones.
 */
const LABELLED: readonly LabelledZones[] = [
  { zones: ['America/Los_Angeles', 'America/Vancouver'], labels: { [-480]: 'PST', [-420]: 'PDT' } },
  { zones: ['America/Denver'], labels: { [-420]: 'MST', [-360]: 'MDT' } },
  { zones: ['America/Chicago'], labels: { [-360]: 'CST', [-300]: 'CDT' } },
  { zones: ['America/New_York', 'America/Toronto'], labels: { [-300]: 'EST', [-240]: 'EDT' } },
  { zones: ['Europe/London'], labels: { 0: 'GMT', 60: 'BST' } },
  { zones: ['Europe/Lisbon'], labels: { 0: 'WET', 60: 'WEST' } },
  {
    zones: [
      ...['Amsterdam', 'Berlin', 'Brussels', 'Budapest', 'Copenhagen', 'Madrid', 'Oslo', 'Paris'],
      ...['Prague', 'Rome', 'Stockholm', 'Vienna', 'Warsaw', 'Zurich'],
    ].map((city) => `Europe/${city}`),
    labels: { 60: 'CET', 120: 'CEST' },
  },
  {
    zones: ['Europe/Athens', 'Europe/Bucharest', 'Europe/Helsinki', 'Europe/Kyiv', 'Europe/Kiev'],
    labels: { 120: 'EET', 180: 'EEST' },
  },
  { zones: ['Europe/Moscow'], labels: { 180: 'MSK' } },
  { zones: ['Asia/Kolkata', 'Asia/Calcutta'], labels: { 330: 'IST' } },
  { zones: ['Asia/Tokyo'], labels: { 540: 'JST' } },
  { zones: ['Asia/Seoul'], labels: { 540: 'KST' } },
  { zones: ['Australia/Sydney', 'Australia/Melbourne'], labels: { 600: 'AEST', 660: 'AEDT' } },
  { zones: ['Pacific/Auckland'], labels: { 720: 'NZST', 780: 'NZDT' } },
  { zones: ['UTC', 'Etc/UTC'], labels: { 0: 'UTC' } },
];

/** `CEST` for Europe/Berlin at 120 minutes; `Sao Paulo` for America/Sao_Paulo, which has no label here. Pure. */
export function zoneLabel(zone: string, offsetMinutes: number): string {
  const label = LABELLED.find(({ zones }) => zones.includes(zone))?.labels[offsetMinutes];
  return label ?? (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}
