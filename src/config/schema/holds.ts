/** What a value is, where the one who writes about mistakes in it must know: never to quote it, or what it lacks. */
export type Holds = 'secret' | 'length of time';

/** The mark of a schema, as its `meta`. */
export function holds(what: Holds): { holds: Holds } {
  return { holds: what };
}
