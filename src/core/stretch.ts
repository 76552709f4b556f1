/** Events of one stream that were received one after the other within a quarter of an hour; instants in epoch ms. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly fromAt: number;
  readonly untilAt: number;
}

/** No stretch lasts longer: so much earlier at most begins one that ends at some instant. */
export const longestStretchMs = 15 * 60_000;
/** Nor is longer: what a look into one costs at most. */
const mostEvents = 256;

/**
 * Puts the next events of a stream behind its last stretch. Within a stretch time never goes back: where the clock was
 * corrected another one begins.
 * @param end the last stretch so far, which may grow; null for a new stream
 * @returns the stretches that are new or have grown, the last one last
 */
export function extendStretches(
  end: Stretch | null,
  events: Iterable<{ readonly seq: number; readonly at: number }>,
): Stretch[] {
  const stretches: Stretch[] = [];
  let open = end;
  for (const { seq, at } of events) {
    const fits =
      open !== null &&
      at >= open.untilAt &&
      at - open.fromAt <= longestStretchMs &&
      seq - open.first < mostEvents;
    if (fits && open !== null) {
      if (stretches.at(-1) === open) stretches.pop();
      open = { ...open, last: seq, untilAt: at };
    } else open = { first: seq, last: seq, fromAt: at, untilAt: at };
    stretches.push(open);
  }
  return stretches;
}
