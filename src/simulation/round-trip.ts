import type { Millis } from '../domain/instant.js';

/** To a server in our own datacenter and back, and to one in the other. */
export const ROUND_TRIP: { readonly near: Millis; readonly away: Millis } = { near: 1, away: 33 };
