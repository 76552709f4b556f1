/** Milliseconds of work after which others get a turn. */
const sliceMs = 8;

/**
 * Gives the event loop back now and then, so that long work never holds up a check-in. Call `breathe` after each
 * small piece; it waits only where the last turn is some milliseconds ago.
 */
export class Pace {
  #since = performance.now();

  async breathe(): Promise<void> {
    if (performance.now() - this.#since < sliceMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}
