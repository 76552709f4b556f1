import type { Random } from '../core/clock.ts';
import type { Engine } from './engine.ts';
import type { EventTable } from './schema.ts';

/** What a transaction wrote into the ledger, and what it answers. */
export interface Written<T> {
  readonly events: readonly EventTable[];
  readonly result: T;
}

/** The commit of this was not answered. */
export class Unanswered<T> extends Error {
  override readonly name = 'Unanswered';
  readonly written: Written<T>;
  constructor(written: Written<T>, cause: Error) {
    super(cause.message, { cause });
    this.written = written;
  }
}

/** For so long a caller is kept waiting for a database that is away; then it is told to come back. */
const patienceMs = 4_000;
const maxConflicts = 8;
/** Where transactions overlap, two may take the same number at once; decided again, the second sees the first. */
const maxTwins = 3;
const firstPauseMs = 20;
const maxPauseMs = 500;

/**
 * Tries a transaction until it is known to stand or not to stand: again after a conflict, or where somebody else took
 * the same key at the same moment, again while the database is away for a moment; where a commit was not answered it
 * looks first whether it stands.
 * @throws what the last try threw
 */
export async function decideAgain<T>(
  {
    engine,
    random,
  }: {
    engine: Pick<Engine, 'exclusive' | 'isConflict' | 'isUniqueViolation' | 'isAway'>;
    random: Random;
  },
  work: {
    try(): Promise<Written<T>>;
    landed(written: Written<T>): Promise<boolean>;
    /** Told before each further try. */
    onRetry?: (() => void) | undefined;
  },
): Promise<Written<T>> {
  const until = performance.now() + patienceMs;
  let unanswered: Unanswered<T> | null = null;
  for (let tries = 1; ; tries += 1) {
    try {
      if (unanswered && (await work.landed(unanswered.written))) return unanswered.written;
      unanswered = null;
      return await work.try();
    } catch (error) {
      if (error instanceof Unanswered) unanswered = error as Unanswered<T>;
      const again =
        (engine.isConflict(error) && tries < maxConflicts) ||
        (!engine.exclusive && engine.isUniqueViolation(error) && tries < maxTwins) ||
        ((error instanceof Unanswered || engine.isAway(error)) && performance.now() < until);
      if (!again) throw error instanceof Unanswered ? error.cause : error;
    }
    work.onRetry?.();
    await pause(tries, random);
  }
}

/** Longer each time, never twice the same, so that two that met do not meet again. */
function pause(tries: number, random: Random): Promise<void> {
  const longest = Math.min(maxPauseMs, firstPauseMs * 2 ** tries);
  const ms = longest / 2 + (longest / 2) * ((random.bytes(1)[0] ?? 0) / 256);
  return new Promise((resolve) => setTimeout(resolve, ms));
}
