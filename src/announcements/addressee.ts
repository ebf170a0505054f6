import type { Audience, Milestone } from '../calendar/milestone.js';
import type { Destination } from '../chat/platform.js';

/** A place where something is told, and for whom it is read there. From configuration. */
export interface Addressee {
  readonly destination: Destination;
  readonly audiences: readonly Audience[];
}

/** Whether a milestone is for those who read there. What is for everyone is for each; who reads as everyone reads all. Pure. */
export function concerns({ audiences }: Pick<Milestone, 'audiences'>, addressee: Addressee): boolean {
  return audiences.some(
    (audience) =>
      audience === 'everyone' || addressee.audiences.some((own) => own === audience || own === 'everyone'),
  );
}
