import { releaseLease, takeLease } from '../store/lease.ts';
import type { App } from './app.ts';
import { millisecondsSinceBoot } from './wall-clock.ts';

/** A lease lasts so long and is renewed three times in it. */
const leaseMs = 10_000;
/** The clocks of two instances may be apart by so much: whoever holds a lease lets go of it earlier. */
const skewShare = 0.1;

/** The time in which this instance holds a lease. */
export interface Tenure {
  /** Aborted when the lease is lost or the instance ends: what is under way should come to its end. */
  readonly signal: AbortSignal;
  /** Whether the lease is held at this moment. */
  holds(): boolean;
}

/** Begins a job; what it gives is disposed of when the lease is lost or the instance ends. */
export type Work = (tenure: Tenure) => Promise<AsyncDisposable>;

export interface LeaseOptions {
  readonly ttlMs?: number;
  /** Milliseconds that go on while the machine sleeps. */
  readonly monotonic?: () => number;
}

/**
 * Jobs that one instance does at a time, whichever it is. Of an embedded database there is one instance, which has
 * every lease at once and keeps it.
 */
export class Leases implements AsyncDisposable {
  readonly #app: Pick<App, 'store' | 'instance' | 'log'>;
  readonly #options: LeaseOptions;
  readonly #jobs: LeasedJob[] = [];

  constructor(app: Pick<App, 'store' | 'instance' | 'log'>, options: LeaseOptions = {}) {
    this.#app = app;
    this.#options = options;
  }

  /**
   * Does `work` whenever this instance holds the lease of the job, until it ends. Resolves after the first try; where
   * that got the lease, the job has begun.
   */
  async whileHeld(job: string, work: Work): Promise<void> {
    const leased = new LeasedJob(this.#app, job, work, this.#options);
    this.#jobs.push(leased);
    await leased.start();
    await leased.beginning;
  }

  /** Whether this instance does the job at this moment. */
  holds(job: string): boolean {
    return this.#jobs.some((leased) => leased.job === job && leased.holds());
  }

  /** The jobs that are done wherever their lease is, and whether that is here at this moment. */
  list(): (readonly [job: string, isHeld: boolean])[] {
    return this.#jobs.map((leased) => [leased.job, leased.holds()] as const);
  }

  /** Brings every job to its end and gives its lease up. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#jobs.map((leased) => leased.end()));
  }
}

interface Running {
  readonly controller: AbortController;
  readonly begun: Promise<AsyncDisposable>;
}

class LeasedJob {
  readonly job: string;
  readonly #app: Pick<App, 'store' | 'instance' | 'log'>;
  readonly #work: Work;
  readonly #ttlMs: number;
  readonly #monotonic: () => number;
  /** The lease is held until then, on the monotonic clock. */
  #until = Number.NEGATIVE_INFINITY;
  #running: Running | null = null;
  /** Settles when the job has begun, or could not. */
  beginning: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;
  #trying: Promise<void> | null = null;
  #next: NodeJS.Timeout | null = null;
  #deadline: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(
    app: Pick<App, 'store' | 'instance' | 'log'>,
    job: string,
    work: Work,
    { ttlMs = leaseMs, monotonic = millisecondsSinceBoot }: LeaseOptions,
  ) {
    this.#app = app;
    this.job = job;
    this.#work = work;
    this.#ttlMs = ttlMs;
    this.#monotonic = monotonic;
  }

  holds(): boolean {
    return this.#monotonic() < this.#until;
  }

  /** Tries now, and again each third of the lease's time. */
  start(): Promise<void> {
    this.#trying = this.#try().finally(() => {
      this.#trying = null;
      if (!this.#ended) this.#next = setTimeout(() => void this.start(), this.#ttlMs / 3).unref();
    });
    return this.#trying;
  }

  async #try(): Promise<void> {
    await this.#renew();
    if (!this.holds()) await this.#stop('the lease is lost');
    else if (!this.#running && !this.#stopping && !this.#ended) this.#begin();
  }

  async #renew(): Promise<void> {
    const { store, instance, log } = this.#app;
    if (store.engine.exclusive) {
      this.#until = Number.POSITIVE_INFINITY;
      return;
    }
    // counted from before the question, so that the database never thinks it over sooner than the holder
    const from = this.#monotonic();
    try {
      const taken = await takeLease(store, this.job, instance, this.#ttlMs);
      this.#hold(taken ? from + this.#ttlMs * (1 - skewShare) : Number.NEGATIVE_INFINITY);
    } catch (error) {
      // it may still be held: the deadline decides; a database that is away is told of elsewhere
      if (!store.engine.isAway(error)) log.warn({ job: this.job, err: error }, 'lease not renewed');
    }
  }

  #hold(until: number): void {
    this.#until = until;
    if (this.#deadline) clearTimeout(this.#deadline);
    if (!this.holds()) return;
    const ms = until - this.#monotonic() + 1;
    this.#deadline = setTimeout(() => {
      if (!this.holds()) void this.#stop('the lease was not renewed in time');
    }, ms).unref();
  }

  #begin(): void {
    const controller = new AbortController();
    const tenure: Tenure = { signal: controller.signal, holds: () => this.holds() };
    const begun = this.#work(tenure);
    this.#running = { controller, begun };
    this.#tell('job begins');
    this.beginning = begun.then(
      () => {},
      async () => {
        // what could not begin is tried again, here or on another instance
        await this.#stop('it could not begin');
        await this.#giveUp();
      },
    );
  }

  #stop(why: string): Promise<void> {
    const running = this.#running;
    if (!running) return this.#stopping ?? Promise.resolve();
    this.#running = null;
    this.#tell('job ends', why);
    running.controller.abort(why);
    this.#stopping = running.begun
      .then((begun) => begun[Symbol.asyncDispose]())
      .catch((error: unknown) => this.#app.log.error({ job: this.job, err: error }, 'job failed'))
      .finally(() => {
        this.#stopping = null;
      });
    return this.#stopping;
  }

  /** Where there can be others, it matters who does it. */
  #tell(message: string, why?: string): void {
    const { store, log } = this.#app;
    if (!store.engine.exclusive) log.info({ job: this.job, why }, message);
  }

  async #giveUp(): Promise<void> {
    const { store, instance } = this.#app;
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#until = Number.NEGATIVE_INFINITY;
    if (store.engine.exclusive) return;
    // where the database is away, it runs out by itself
    await releaseLease(store, this.job, instance).catch(() => {});
  }

  async end(): Promise<void> {
    this.#ended = true;
    if (this.#next) clearTimeout(this.#next);
    await this.#trying;
    await this.#stop('the instance ends');
    await this.#giveUp();
  }
}
