import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One request as it is counted. */
export interface CountedRequest {
  /** The pattern of the route, never the address: that may hold a token. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** What is asked when the metrics are read. */
export interface MetricsSources {
  /** Live channels that are open. */
  watchers(): number;
  isReady(): Promise<boolean>;
  leases(): readonly (readonly [job: string, isHeld: boolean])[];
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** Numbers about this instance for whoever watches it; they name nobody, and every label has few values. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'muster_http_requests_total',
    help: 'Requests answered, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: 'muster_http_request_seconds',
    help: 'Time to answer a request, by route.',
    labelNames: ['route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.#registry],
  });
  readonly #checkIns = new Counter({
    name: 'muster_check_ins_total',
    help: 'Check-ins decided: accepted, already, guest, disputed, failed, or the code of the refusal.',
    labelNames: ['outcome'],
    registers: [this.#registry],
  });
  readonly #batchSize = new Histogram({
    name: 'muster_check_in_batch_size',
    help: 'Check-ins that shared one transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [this.#registry],
  });
  readonly #commitSeconds = new Histogram({
    name: 'muster_commit_seconds',
    help: 'From taking up a batch of check-ins to its commit on disk.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.#registry],
  });
  readonly #retries = new Counter({
    name: 'muster_commit_retries_total',
    help: 'Transactions decided again after a conflict or a lost connection.',
    registers: [this.#registry],
  });
  readonly #clockSkew = new Gauge({
    name: 'muster_clock_skew_seconds',
    help: "This machine's clock against the database server's; positive: ahead.",
    registers: [this.#registry],
  });
  #isRead = false;

  constructor({ watchers, isReady, leases }: MetricsSources) {
    new Gauge({
      name: 'muster_live_watchers',
      help: 'Live channels open now.',
      registers: [this.#registry],
      collect() {
        this.set(watchers());
      },
    });
    new Gauge({
      name: 'muster_lease_held',
      help: '1 where this instance does the job.',
      labelNames: ['job'],
      registers: [this.#registry],
      collect() {
        for (const [job, isHeld] of leases()) this.set({ job }, isHeld ? 1 : 0);
      },
    });
    new Gauge({
      name: 'muster_ready',
      help: '1 where /readyz answers 200.',
      registers: [this.#registry],
      async collect() {
        this.set((await isReady()) ? 1 : 0);
      },
    });
  }

  countRequest({ route, method, status, seconds }: CountedRequest): void {
    this.#requests.inc({ route, method: methods.has(method) ? method : 'other', status });
    this.#seconds.observe({ route }, seconds);
  }

  /** @param outcome the kind of a check-in, or the code of its refusal */
  countCheckIn(outcome: string): void {
    this.#checkIns.inc({ outcome });
  }

  /** Counts and times a batch of check-ins that is decided and committed by `work`. */
  async timeBatch<T>(size: number, work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    const result = await work();
    this.#batchSize.observe(size);
    this.#commitSeconds.observe((performance.now() - from) / 1_000);
    return result;
  }

  countRetry(): void {
    this.#retries.inc();
  }

  setClockSkew(seconds: number): void {
    this.#clockSkew.set(seconds);
  }

  /** Everything in the text format of Prometheus, with the process's own figures from the first reading on. */
  async render(): Promise<{ readonly text: string; readonly type: string }> {
    if (!this.#isRead) collectDefaultMetrics({ register: this.#registry });
    this.#isRead = true;
    return { text: await this.#registry.metrics(), type: this.#registry.contentType };
  }
}
