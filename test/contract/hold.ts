import { setTimeout as pause } from 'node:timers/promises';
import type { StreamName } from '../../src/core/brand.ts';
import type { Tx } from '../../src/store/engine.ts';
import { commit } from '../../src/store/ledger.ts';
import type { Store } from '../../src/store/store.ts';

/** Long enough for whoever was started to come to where the others are held. */
const settleMs = 150;

/**
 * Holds a stream while those are started who want it, one after the other; then lets them go. Their answers, in order.
 */
export async function holdingStream<const T extends readonly (() => Promise<unknown>)[]>(
  store: Store,
  stream: StreamName,
  starters: T,
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const started: Promise<unknown>[] = [];
  await commit(store, async ({ lock }) => {
    await lock([stream]);
    await startAll(started, starters);
  });
  return Promise.all(started) as never;
}

/** The same with what a transaction of one's own has changed and not yet committed. */
export async function beforeCommit<const T extends readonly (() => Promise<unknown>)[]>(
  store: Store,
  change: (tx: Tx) => Promise<unknown>,
  starters: T,
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const started: Promise<unknown>[] = [];
  await store.engine.write(async (tx) => {
    await change(tx);
    await startAll(started, starters);
  });
  return Promise.all(started) as never;
}

async function startAll(
  started: Promise<unknown>[],
  starters: readonly (() => Promise<unknown>)[],
): Promise<void> {
  for (const start of starters) {
    const running = start();
    // whoever throws is heard by the caller, at the end
    running.catch(() => {});
    started.push(running);
    await pause(settleMs);
  }
}
