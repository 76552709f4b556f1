import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteOver } from './housekeeping.ts';
import type { FailureTable, SignInLinkTable, SignInTable } from './schema.ts';
import { openThrowaway, type Throwaway } from './throwaway.ts';

let place: Throwaway;

beforeEach(async () => {
  place = await openThrowaway({ at: '2026-11-23T08:00:00+01:00' });
});
afterEach(() => place[Symbol.asyncDispose]());

const failures = (count: number, untilMs: (index: number) => number): FailureTable[] =>
  Array.from({ length: count }, (_, index) => ({
    organisation: place.store.organisation,
    subject: `subject ${index % 7}`,
    at: place.clock.at,
    failure: `${index}`,
    until: place.clock.at + untilMs(index),
  }));

async function insert<Table extends 'failure' | 'sign_in' | 'sign_in_link'>(
  table: Table,
  rows: Parameters<typeof place.store.engine.insertMany<Table>>[2],
): Promise<void> {
  const { engine } = place.store;
  await engine.write((tx) => engine.insertMany(tx, table, rows));
}

const untils = async (): Promise<number[]> => {
  const rows = await place.store.engine.read
    .selectFrom('failure')
    .select('until')
    .orderBy('until')
    .execute();
  return rows.map(({ until }) => until - place.clock.at);
};

test('what is over goes, what still counts stays', async () => {
  const { organisation } = place.store;
  const at = place.clock.at;
  await insert(
    'failure',
    failures(1_700, (index) => (index % 17 === 0 ? index + 1 : -index)),
  );
  const ends = [at - 1, at, at + 1];
  const links = ends.map<SignInLinkTable>((expires_at, index) => ({
    organisation,
    token_hash: `${index}`,
    person: 'p',
    expires_at,
  }));
  await insert('sign_in_link', links);
  const signIns = ends.map<SignInTable>((expires_at, index) => ({
    organisation,
    sign_in: `${index}`,
    person: 'p',
    created_at: 0,
    seen_at: 0,
    expires_at,
    sealed: new Uint8Array(1),
  }));
  await insert('sign_in', signIns);
  await deleteOver(place.store);
  expect(await untils()).toEqual(Array.from({ length: 100 }, (_, index) => index * 17 + 1));
  for (const table of ['sign_in', 'sign_in_link'] as const) {
    const left = await place.store.engine.read.selectFrom(table).select('expires_at').execute();
    expect(left).toEqual([{ expires_at: at + 1 }]);
  }
});

test('of a flood the oldest go', async () => {
  await insert(
    'failure',
    failures(2_000, (index) => index + 1),
  );
  await deleteOver(place.store, { keepFailures: 300 });
  expect(await untils()).toEqual(Array.from({ length: 300 }, (_, index) => index + 1_701));
});

test('what was noted before the clock was set back goes too', async () => {
  await insert(
    'failure',
    failures(2, (index) => (index + 1) * 2 * 3_600_000),
  );
  await deleteOver(place.store);
  expect(await untils()).toEqual([2 * 3_600_000]);
});
