interface Waiting<Attempt, Outcome> {
  readonly attempt: Attempt;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/**
 * Group commit: callers that arrive within a moment share one transaction, and each gets its own answer after the
 * commit. A batch that fails is tried again one by one, so that one bad attempt spoils only itself; but where the
 * database itself fails, everybody who waits is told at once. Two batches may be under way, the second being decided
 * while the first is still being written; one does where each waits for the other's locks anyway.
 */
export class GroupCommit<Attempt, Outcome> {
  readonly #decide: (attempts: readonly Attempt[]) => Promise<Outcome[]>;
  readonly #turn: () => Promise<void>;
  readonly #isShared: (error: unknown) => boolean;
  readonly #lingerMs: number;
  readonly #maxBatch: number;
  readonly #maxWaiting: number;
  readonly #maxLanes: number;
  readonly #waiting: Waiting<Attempt, Outcome>[] = [];
  readonly #lanes = new Set<Promise<void>>();

  constructor(
    decide: (attempts: readonly Attempt[]) => Promise<Outcome[]>,
    {
      lingerMs = 2,
      maxBatch = 128,
      maxWaiting = 20_000,
      maxLanes = 2,
      /** Resolves when a transaction could begin at once: until then callers gather. */
      turn = async () => {},
      /** Whether an error is nobody's own, such as a database that is away: each attempt alone would meet it too. */
      isShared = (_error: unknown): boolean => false,
    } = {},
  ) {
    this.#decide = decide;
    this.#turn = turn;
    this.#isShared = isShared;
    this.#lingerMs = lingerMs;
    this.#maxBatch = maxBatch;
    this.#maxWaiting = maxWaiting;
    this.#maxLanes = maxLanes;
  }

  /** True where so many wait that a new caller should be told to come back. */
  get full(): boolean {
    return this.#waiting.length >= this.#maxWaiting;
  }

  /** Resolves once the attempt's outcome is durable. */
  submit(attempt: Attempt): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ attempt, resolve, reject });
      if (this.#lanes.size < this.#maxLanes) this.#open();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  #open(): void {
    const lane = this.#run().finally(() => {
      this.#lanes.delete(lane);
      if (this.#waiting.length > 0 && this.#lanes.size === 0) this.#open();
    });
    this.#lanes.add(lane);
  }

  async #run(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#lingerMs));
    for (;;) {
      await this.#turn();
      const batch = this.#waiting.splice(0, this.#maxBatch);
      if (batch.length === 0) return;
      try {
        const outcomes = await this.#decide(batch.map(({ attempt }) => attempt));
        for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index] as Outcome);
      } catch (error) {
        if (this.#isShared(error)) this.#rejectAll(batch, error);
        else if (batch.length === 1) batch[0]?.reject(error);
        else await this.#oneByOne(batch);
      }
    }
  }

  async #oneByOne(batch: readonly Waiting<Attempt, Outcome>[]): Promise<void> {
    for (const [index, { attempt, resolve, reject }] of batch.entries()) {
      try {
        const [outcome] = await this.#decide([attempt]);
        resolve(outcome as Outcome);
      } catch (error) {
        if (this.#isShared(error)) return this.#rejectAll(batch.slice(index), error);
        reject(error);
      }
    }
  }

  /** Whoever waits behind them would be told the same, only later. */
  #rejectAll(batch: readonly Waiting<Attempt, Outcome>[], error: unknown): void {
    for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(error);
  }
}
