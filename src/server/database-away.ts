import type { FastifyBaseLogger } from 'fastify';
import type { Engine } from '../store/engine.ts';
import { presentError } from './error-log.ts';

const sayEveryMs = 1_000;

/** Tells the troubles of a database server, which pass by themselves, from faults; the log hears of them calmly. */
export class DatabaseAway {
  readonly #engine: Pick<Engine, 'isAway' | 'isConflict'>;
  readonly #log: Pick<FastifyBaseLogger, 'warn' | 'error'>;
  #saidAt = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

  constructor(
    engine: Pick<Engine, 'isAway' | 'isConflict'>,
    log: Pick<FastifyBaseLogger, 'warn' | 'error'>,
  ) {
    this.#engine = engine;
    this.#log = log;
  }

  /** Whether every transaction would meet this now: the database is away, or gave way to others too often. */
  isShared(error: unknown): boolean {
    return this.#engine.isAway(error) || this.#engine.isConflict(error);
  }

  /** As `isShared`, and notes it in the log: one line a second, however many met it. */
  causes(error: unknown): boolean {
    if (!this.isShared(error)) return false;
    const now = performance.now();
    if (now - this.#saidAt < sayEveryMs) {
      this.#unsaid += 1;
      return true;
    }
    const { name, code, message } = presentError(error);
    this.#log.warn({ name, code, message, before: this.#unsaid }, 'the database does not answer');
    this.#saidAt = now;
    this.#unsaid = 0;
    return true;
  }

  /** What failed without anybody waiting for it: a fault is logged whole. */
  log(error: unknown, what: string, about: Readonly<Record<string, string>> = {}): void {
    if (!this.causes(error)) this.#log.error({ ...about, err: error }, what);
  }
}
