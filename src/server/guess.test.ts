import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noteFailures } from '../store/failure.ts';
import { openThrowaway, type Throwaway } from '../store/throwaway.ts';
import { Guesses } from './guess.ts';

let place: Throwaway;
let waiting: (() => void)[];
let waited: number;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
  waiting = [];
  waited = 0;
});
afterEach(() => place[Symbol.asyncDispose]());

/** Those of one instance; whoever is slowed down waits for `release`. */
const open = () =>
  new Guesses(place.store, { pause: () => new Promise((resolve) => waiting.push(resolve)) });

const release = (): void => {
  waited += waiting.length;
  for (const resolve of waiting.splice(0)) resolve();
};

/** Wrong guesses of a stranger on some other instance. */
const attack = (count: number, windowMs = 60_000) =>
  noteFailures(
    place.store,
    Array.from({ length: count }, () => [{ subject: 'guess/site', windowMs }]),
  );

/** Tries that are let through once those who wait have waited. */
async function passed(tries: readonly ReturnType<Guesses['check']>[]): Promise<number> {
  let left = tries.length;
  const results = tries.map((tried) => tried.finally(() => (left -= 1)));
  await expect.poll(() => left - waiting.length).toBe(0);
  release();
  return (await Promise.all(results)).filter(({ ok }) => ok).length;
}

const many = (count: number, one: (index: number) => ReturnType<Guesses['check']>) =>
  Array.from({ length: count }, (_, index) => one(index));

test('one stranger who guesses many at once slows others and shuts nobody out', async () => {
  const guesses = open();
  await attack(700);
  const stranger = '192.0.2.66';
  const tries = many(200, () => guesses.check(undefined, stranger));
  const sameNetwork = many(32, (index) => guesses.check(undefined, `2001:db8::${index % 2}`));
  const pupil = guesses.check(undefined, '192.0.2.7');
  expect(await passed([...tries, ...sameNetwork, pupil])).toBe(33);
  expect((await pupil).ok).toBe(true);
  expect(await passed([guesses.check(undefined, stranger)])).toBe(1);
});

test('who has all addresses of an IPv6 network is one stranger', async () => {
  const guesses = open();
  for (let index = 0; index < 60; index += 1) {
    await guesses.noteWrong(undefined, `2001:db8::${index.toString(16)}`);
  }
  const tried = guesses.check(undefined, '2001:db8::ffff');
  await expect.poll(() => waiting.length).toBe(1);
  release();
  expect((await tried).ok).toBe(true);
  expect((await guesses.check(undefined, '2001:db8:0:1::1')).ok).toBe(true);
});

test('never more than 64 wait, from wherever they come', async () => {
  const guesses = open();
  await attack(700);
  expect(await passed(many(100, (index) => guesses.check(undefined, `198.51.100.${index}`)))).toBe(
    64,
  );
});

test('two instances count together: a browser that guessed wrong on one is slowed on the other', async () => {
  const [here, there] = [open(), open()];
  const wrong: string[] = [];
  for (let index = 0; index < 9; index += 1) {
    const refusal = await (index % 2 === 0 ? here : there).noteWrong('browser', '192.0.2.1');
    wrong.push(refusal.ok ? '' : refusal.code);
  }
  expect(wrong).toEqual([...Array(8).fill('typed-code-wrong'), 'throttled']);
  for (const guesses of [here, there]) {
    const slowed = guesses.check('browser', '192.0.2.1');
    const neighbour = await guesses.check('another', '192.0.2.1');
    expect([neighbour.ok, waiting.length]).toEqual([true, 1]);
    expect(await passed([slowed])).toBe(1);
  }
});

test('a browser that has checked in here waits for its own wrong guesses only', async () => {
  const guesses = open();
  guesses.noteCheckIn('known');
  await attack(700);
  expect((await guesses.check('known', '192.0.2.1')).ok).toBe(true);
  expect(waiting).toHaveLength(0);
});

test('a minute later all is forgotten, and a clock that is set back locks nobody out', async () => {
  const guesses = open();
  await attack(700);
  expect(await guesses.countLately()).toBe(700);
  place.clock.at -= 86_400_000;
  expect((await guesses.check(undefined, '192.0.2.1')).ok).toBe(true);
  place.clock.at += 86_400_000 + 60_000;
  expect((await guesses.check(undefined, '192.0.2.1')).ok).toBe(true);
  expect(await guesses.countLately()).toBe(0);
});

test('no subject and no address lies readable, and a subject has no more than 2,000 rows', async () => {
  const guesses = open();
  await attack(1_990);
  await Promise.all(many(40, () => guesses.noteWrong('browser', '192.0.2.1') as never));
  const rows = await place.store.engine.read.selectFrom('failure').selectAll().execute();
  const counts = Map.groupBy(rows, ({ subject }) => subject);
  expect([...counts.values()].map((list) => list.length).sort()).toEqual([2_000, 40, 40]);
  expect(JSON.stringify(rows)).not.toMatch(/guess|browser|192\.0|site/);
});

test('while wrong guesses cannot be written down, strangers wait and nothing is told', async () => {
  const guesses = open();
  await place.store.engine.write((tx) =>
    sql`create trigger full before insert on failure begin select raise(abort, 'no room'); end`.execute(
      tx,
    ),
  );
  await expect(guesses.noteWrong('browser', '192.0.2.1')).rejects.toThrow('no room');
  const stranger = guesses.check(undefined, '192.0.2.1');
  expect(await passed([stranger])).toBe(1);
  expect(waited).toBe(1);
});
