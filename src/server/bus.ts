import type { StreamName } from '../core/brand.ts';

/** Streams that grew by what others committed; null where nobody can say which: look at everything. */
export type Grown = readonly StreamName[] | null;

/**
 * Wakes the other instances on this database after a commit. The law that every bus keeps: `publish` neither waits
 * nor throws, and holds no more than a little; what one instance publishes the others hear within moments and the
 * publisher never; what is published within a moment travels as one message; whoever may have missed something hears
 * null. Anything may be lost or come twice, at any time: a message only says "look", the ledger is the truth.
 */
export interface Bus extends AsyncDisposable {
  /** What carries the messages; `none` where nothing does. */
  readonly kind: 'none' | 'postgres' | 'redis';
  /** Since when nothing gets through, on the process's own clock; null while all is well. */
  readonly downSince: number | null;
  publish(streams: readonly StreamName[]): void;
  /** One listener; another takes its place. */
  subscribe(listener: (grown: Grown) => void): void;
}

/**
 * The bus of a process that has none: where it is alone with an embedded database its commits wake its own readers
 * without one, and where others work on the same database they look for themselves.
 */
export const noBus: Bus = {
  kind: 'none',
  downSince: null,
  publish() {},
  subscribe() {},
  async [Symbol.asyncDispose]() {},
};
