import type { Instant } from '../core/brand.ts';
import type { Clock } from '../core/clock.ts';
import type { Engine } from './engine.ts';

/** From one look at the server's clock to the next. */
const everyMs = 2_000;
/** Of so many quick questions the one with the shortest way counts. */
const questions = 3;
/** A clock that is slowed down to wait for the right time runs at nine tenths of its speed. */
const slewRate = 0.1;
/** Further back than this it goes at once: waiting would take longer than it is worth. */
const longestSlewMs = 250;
/** How fast the clocks of two machines part, at worst. */
const drift = 0.000_2;
/** The wall clock against the process's own: more than this, and the machine slept or its clock was set. */
const jumpMs = 1_000;

/** What one question told. */
interface Sample {
  /** The server's time less the process's own. */
  readonly offset: number;
  /** How far off that may be. */
  readonly error: number;
}

/**
 * Follows the clock of the database server, so that all instances on one database agree on the time. Between two
 * looks it goes on by the process's own clock, which nobody sets. It never runs backwards for small corrections:
 * it waits. After a move to another server it follows that one's clock.
 */
export class DatabaseClock implements Clock, AsyncDisposable {
  readonly #engine: Pick<Engine, 'serverTime'>;
  readonly #wall: Clock;
  readonly #monotonic: () => number;
  #best: Sample & { readonly at: number };
  /** What is shown beyond the right time, at a moment; it shrinks. */
  #ahead = { ms: 0, at: 0 };
  #wallOffset: number;
  #answeredAt: number;
  #timer: NodeJS.Timeout | null = null;
  #asking: Promise<void> | null = null;
  #stopped = false;

  private constructor(ports: ClockPorts, first: Sample) {
    this.#engine = ports.engine;
    this.#wall = ports.wall;
    this.#monotonic = ports.monotonic ?? (() => performance.now());
    const at = this.#monotonic();
    this.#best = { ...first, at };
    this.#answeredAt = at;
    this.#wallOffset = this.#wall.now() - at;
    this.#plan(everyMs);
  }

  /** Asks the server first; throws what the engine throws where it does not answer. */
  static async start(ports: ClockPorts): Promise<DatabaseClock> {
    return new DatabaseClock(ports, await ask(ports));
  }

  now(): Instant {
    const at = this.#monotonic();
    if (Math.abs(this.#wall.now() - at - this.#wallOffset) > jumpMs) void this.follow();
    return Math.floor(this.#shownAt(at)) as Instant;
  }

  /** How far this machine's own clock is ahead of the server's, negative where it is behind. */
  get skewMs(): number {
    return this.#wall.now() - this.#best.offset - this.#monotonic();
  }

  /** How long ago the server answered last. */
  get silentMs(): number {
    return this.#monotonic() - this.#answeredAt;
  }

  /** Looks at the server's clock now; a failure is left to the next look. */
  follow(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#wallOffset = this.#wall.now() - this.#monotonic();
    this.#asking ??= ask({
      engine: this.#engine,
      wall: this.#wall,
      monotonic: this.#monotonic,
    })
      .then(
        (sample) => this.#take(sample),
        () => {},
      )
      .finally(() => {
        this.#asking = null;
        this.#plan(everyMs);
      });
    return this.#asking;
  }

  #plan(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.follow(), ms).unref();
  }

  /** The better of what is known and what was told, unless they contradict each other: then what was told. */
  #take(sample: Sample): void {
    const at = this.#monotonic();
    this.#answeredAt = at;
    const known = this.#best.error + (at - this.#best.at) * drift;
    const apart = Math.abs(sample.offset - this.#best.offset);
    if (sample.error > known && apart <= known + sample.error) return;
    const ahead = this.#shownAt(at) - (at + sample.offset);
    this.#best = { ...sample, at };
    this.#ahead = { ms: ahead > 0 && ahead <= longestSlewMs ? ahead : 0, at };
  }

  #shownAt(at: number): number {
    const { ms, at: since } = this.#ahead;
    return at + this.#best.offset + Math.max(0, ms - (at - since) * slewRate);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#asking;
  }
}

export interface ClockPorts {
  readonly engine: Pick<Engine, 'serverTime'>;
  /** The machine's own clock, to be compared. */
  readonly wall: Clock;
  /** Milliseconds that nobody sets; the process's own where it is left out. */
  readonly monotonic?: () => number;
}

async function ask({ engine, wall, monotonic = () => performance.now() }: ClockPorts) {
  let wallOffset = wall.now() - monotonic();
  let best: Sample | null = null;
  for (let asked = 0; asked < questions; asked += 1) {
    const from = monotonic();
    const time = await engine.serverTime();
    if (time === null) throw new Error('a database in this process has no clock of its own');
    const until = monotonic();
    const offset = wall.now() - until;
    if (Math.abs(offset - wallOffset) > jumpMs) {
      // the machine slept: nobody knows for how long these answers were under way
      wallOffset = offset;
      best = null;
      continue;
    }
    // the server may tell whole milliseconds
    const error = (until - from) / 2 + 0.5;
    if (!best || error < best.error) best = { offset: time + 0.5 - (from + until) / 2, error };
  }
  if (!best) throw new Error('the clock of this machine jumps');
  return best;
}
