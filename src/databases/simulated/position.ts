import type { Side } from '../../simulation/world-shape.js';
import type { Position } from '../databases.js';

/** Which server: its section's place in the order of sections, and its datacenter. */
export interface Numbered {
  readonly section: number;
  readonly side: Side;
}

/** Transactions that were there before the world began: a position is never `…-0`. */
const BEFORE = 100_000;

/** `101-101-100207`: domain and server are 101, 102, … in the first datacenter and 201, 202, … in the second. Pure. */
export function formatPosition({ section, side }: Numbered, count: number): Position {
  const server = (side + 1) * 100 + section + 1;
  return `${server}-${server}-${BEFORE + count}` as Position;
}

/** Whose position it is and how many transactions that are, or undefined for one that no simulated server wrote. Pure. */
export function parsePosition(position: Position): (Numbered & { readonly count: number }) | undefined {
  const match = /^([12])(\d\d)-\1\2-(\d{1,15})$/.exec(position);
  if (match === null) return undefined;
  return { side: match[1] === '1' ? 0 : 1, section: Number(match[2]) - 1, count: Number(match[3]) - BEFORE };
}
