/** Jobs about the same thing are done one after another; others do not wait for each other. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** `about`: undefined for a job that is like no other. */
  take<T>(about: string | undefined, job: () => Promise<T>): Promise<T> {
    if (about === undefined) return job();
    const result = (this.#last.get(about) ?? Promise.resolve()).then(job);
    const settled = result
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(about) === settled) this.#last.delete(about);
      });
    this.#last.set(about, settled);
    return result;
  }
}
