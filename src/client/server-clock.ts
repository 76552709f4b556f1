/**
 * What the server's clock says, seen from here. Every answered ping bounds the offset from both sides (the server
 * read its clock after we sent and before we received), every frame from below; the narrowest bounds so far win, so
 * one slow answer cannot move the time. Bounds that contradict each other mean that a clock was set: the newest
 * word counts.
 */
export interface ServerClock {
  /** A frame that carried the server's time arrived. */
  heard(serverTime: number): void;
  /** The answer to a ping that was sent at `sentAt` of the local clock arrived. */
  answered(sentAt: number, serverTime: number): void;
  /** The present by the server's clock, epoch ms. Before the first frame: the local clock's word. */
  now(): number;
}

/** @param now a local clock in ms that need not agree with anybody's */
export function createServerClock(now: () => number, startAt: () => number = now): ServerClock {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;

  function heard(serverTime: number): void {
    const bound = serverTime - now();
    if (bound <= low) return;
    if (bound > high) high = bound + (high - low);
    low = bound;
  }

  return {
    heard,
    answered(sentAt, serverTime) {
      const from = serverTime - now();
      const to = serverTime - sentAt;
      if (from > high || to < low) [low, high] = [from, to];
      else [low, high] = [Math.max(low, from), Math.min(high, to)];
    },
    now() {
      if (low === Number.NEGATIVE_INFINITY) return startAt();
      return now() + (high === Number.POSITIVE_INFINITY ? low : (low + high) / 2);
    },
  };
}
