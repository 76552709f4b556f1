import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../src/store/store.ts';
import type { Child } from './child.ts';
import { quantile } from './rush-client.ts';
import { numberOf, seedGroup } from './rush-seed.ts';
import { prepareCheckIns, sendSteadily } from './steady.ts';

const perSecond = 100;
/** For so long check-ins run alone before what is measured begins: the reference. */
const leadMs = 2_000;

/** Something that was done while people checked in. */
export interface Beside<T> {
  readonly value: T;
  readonly ms: number;
  /** From when each check-in was due until its answer, of those that were due or under way meanwhile. */
  readonly checkInP99Ms: number;
  /** The same of those that were answered before it began. */
  readonly aloneP99Ms: number;
}

/** Enrolled people with an open session, each of whom checks in once. */
export interface Passers {
  readonly session: string;
  /** The next so many of them. */
  take(count: number): string[];
}

/** @param code four characters that name the session */
export async function seedPassers(store: Store, count: number, code: string): Promise<Passers> {
  const prefix = `${code}-`;
  const { session } = await seedGroup(store, count, code, prefix);
  let taken = 0;
  return {
    session,
    take(some) {
      const numbers = Array.from({ length: some }, (_, index) => prefix + numberOf(taken + index));
      taken += some;
      if (taken > count) throw new Error(`${count} people are not enough to check in`);
      return numbers;
    },
  };
}

/**
 * Does the work while 100 people a second check in, from this process: it shares the processors with the server, at the
 * same priority. The times therefore are those of a phone and a server on one machine.
 * @param seconds for how long people come at most
 */
export async function besideCheckIns<T>(
  server: Child,
  passers: Passers,
  seconds: number,
  work: () => Promise<T>,
): Promise<Beside<T>> {
  const numbers = passers.take(perSecond * seconds);
  const requests = await prepareCheckIns(server, passers.session, numbers);
  const started = performance.now() + 50;
  const { promise: until, resolve: end } = Promise.withResolvers<void>();
  const doWork = async () => {
    try {
      await sleep(leadMs);
      const from = performance.now();
      const value = await work();
      return { value, from, till: performance.now() };
    } finally {
      end();
    }
  };
  const [{ due, tookMs }, { value, from, till }] = await Promise.all([
    sendSteadily(server.port, requests, { started, perSecond, until }),
    doWork(),
  ]);
  const meanwhile = tookMs.filter((took, index) => {
    const at = due[index] as number;
    return at + took >= from && at <= till;
  });
  const before = tookMs.filter((took, index) => (due[index] as number) + took < from);
  return {
    value,
    ms: Math.round(till - from),
    checkInP99Ms: round1(quantile(meanwhile, 0.99)),
    aloneP99Ms: round1(quantile(before, 0.99)),
  };
}

export const round1 = (value: number): number => Math.round(value * 10) / 10;
