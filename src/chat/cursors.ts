/** How far each follower of the journal has come, through restarts. */
export interface Cursors {
  /** The journal position up to which this follower has told; 0 at first. Reads. */
  position(follower: string): Promise<number>;
  /** Durable when it resolves. */
  advance(follower: string, to: number): Promise<void>;
}
