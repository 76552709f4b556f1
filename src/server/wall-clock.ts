import { uptime } from 'node:os';

/** A source of repeated ticks; tests give one that they turn by hand. */
export interface Timers {
  /** Calls `tick` every `ms` milliseconds until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
}

/** A running observation; stopping it twice does no harm. */
export interface Watch extends AsyncDisposable {
  stop(): void;
}

/** The platform's timers. They do not keep the process alive. */
export const systemTimers: Timers = {
  every(ms, tick) {
    const timer = setInterval(tick, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/**
 * Milliseconds since the machine was started, time asleep included (resolution 10 ms on Linux,
 * up to 1 s elsewhere). `performance.now()` stands still while Linux sleeps, so that a sleep
 * would look like a changed clock.
 */
export function millisecondsSinceBoot(): number {
  return uptime() * 1000;
}

/** Starts a watch on `timers`, so that every watch stops in the same way. */
export function startWatch(timers: Timers, everyMs: number, tick: () => void): Watch {
  const stop = timers.every(everyMs, tick);
  return {
    stop,
    async [Symbol.asyncDispose]() {
      stop();
    },
  };
}

/**
 * Compares two clocks at every tick and tells a machine that slept from a clock that was set.
 * Both may be reported by one tick: a clock can be set while the machine sleeps. Slow correction
 * by a time server stays below the threshold and is not reported.
 *
 * @param wall epoch ms, as the operating system says it
 * @param monotonic ms that go on during sleep and that nobody can set (`millisecondsSinceBoot`)
 * @param everyMs how often to compare, in ms
 * @param thresholdMs smallest difference worth reporting, in ms; 2,000 or more where
 *   `monotonic` counts whole seconds
 * @param onSleep a tick came late by so many ms: the machine slept, or the process stood still
 * @param onStep the wall clock was moved by so many ms, negative where it was set back
 */
export function watchClock(options: {
  wall: () => number;
  monotonic: () => number;
  everyMs: number;
  thresholdMs: number;
  onSleep: (asleepMs: number) => void;
  onStep: (byMs: number) => void;
  timers?: Timers;
}): Watch {
  const { wall, monotonic, everyMs, thresholdMs, onSleep, onStep } = options;
  let lastWall = wall();
  let lastMonotonic = monotonic();
  return startWatch(options.timers ?? systemTimers, everyMs, () => {
    const wallNow = wall();
    const monotonicNow = monotonic();
    const elapsed = monotonicNow - lastMonotonic;
    const stepped = wallNow - lastWall - elapsed;
    lastWall = wallNow;
    lastMonotonic = monotonicNow;
    if (elapsed - everyMs > thresholdMs) onSleep(elapsed - everyMs);
    if (Math.abs(stepped) > thresholdMs) onStep(stepped);
  });
}
