/**
 * Group commit: callers that arrive within a moment share one transaction, and each gets its own answer after the
 * commit. A batch that fails is tried again one by one, so that one bad attempt spoils only itself.
 */
export class GroupCommit<Attempt, Outcome> {
  readonly #decide: (attempts: readonly Attempt[]) => Promise<Outcome[]>;
  readonly #lingerMs: number;
  readonly #maxBatch: number;
  readonly #maxWaiting: number;
  #waiting: { attempt: Attempt; resolve(outcome: Outcome): void; reject(error: unknown): void }[] =
    [];
  #running: Promise<void> | null = null;

  constructor(
    decide: (attempts: readonly Attempt[]) => Promise<Outcome[]>,
    { lingerMs = 1, maxBatch = 128, maxWaiting = 20_000 } = {},
  ) {
    this.#decide = decide;
    this.#lingerMs = lingerMs;
    this.#maxBatch = maxBatch;
    this.#maxWaiting = maxWaiting;
  }

  /** True where so many wait that a new caller should be told to come back. */
  get full(): boolean {
    return this.#waiting.length >= this.#maxWaiting;
  }

  /** Resolves once the attempt's outcome is durable. */
  submit(attempt: Attempt): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ attempt, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#lingerMs));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#maxBatch);
      try {
        const outcomes = await this.#decide(batch.map(({ attempt }) => attempt));
        for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index] as Outcome);
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else await this.#oneByOne(batch);
      }
    }
    this.#running = null;
  }

  async #oneByOne(
    batch: readonly {
      attempt: Attempt;
      resolve(outcome: Outcome): void;
      reject(error: unknown): void;
    }[],
  ) {
    for (const { attempt, resolve, reject } of batch) {
      try {
        const [outcome] = await this.#decide([attempt]);
        resolve(outcome as Outcome);
      } catch (error) {
        reject(error);
      }
    }
  }
}
